"""A decision model ready to answer: by name or id, with the rules that led to the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.clock import Calendar, SystemClock
from engine.dmn.analysis import analyse
from engine.dmn.answering import Answering
from engine.dmn.assembling import Assembled, Part
from engine.dmn.linking import names_of
from engine.dmn.taken import Taken, taken_by
from engine.dmn.tree import Decision, DecisionService, Table
from engine.errors import ModelError, Text
from engine.feel import Environment
from engine.model import Evaluation, Finding


@dataclass(frozen=True, slots=True)
class DecisionInfo:
    """A decision or service: the free names and dotted paths that it and all it requires take from the case."""

    id: str
    name: str
    file: str
    reads: frozenset[str]
    paths: frozenset[tuple[str, ...]]
    table: Table | None


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table under the name of the decision or knowledge model it belongs to."""

    name: str
    drawn: Table

    def notes(self, rule: int) -> tuple[str, ...]:
        """Return the annotations of a rule, counted from 1; none for a rule that does not exist."""
        return next((each.annotations for each in self.drawn.rules if each.number == rule), ())


class Model:
    """The decisions of one file and of those it imports."""

    def __init__(self, assembled: Assembled) -> None:
        self._assembled = assembled
        parts = assembled.parts
        nearest_last = tuple(reversed(tuple(parts.values())))
        self._by_id = {part.node.id: part for part in nearest_last}
        self._by_name = {name: part for part in nearest_last for name in names_of(part.node)}
        taken = taken_by(parts)
        self.decisions = tuple(
            _info(part, taken[key]) for key, part in parts.items() if isinstance(part.node, Decision | DecisionService)
        )

    @property
    def reads(self) -> frozenset[str]:
        """Return the free names of all decisions."""
        return frozenset().union(*(info.reads for info in self.decisions))

    @property
    def paths(self) -> frozenset[tuple[str, ...]]:
        """Return the dotted paths of all decisions, such as ``("policy", "publicity", "days")``."""
        return frozenset().union(*(info.paths for info in self.decisions))

    def decision(self, name_or_id: str) -> DecisionInfo | None:
        """Return the decision with that id or name, None when there is none."""
        part = self._find(name_or_id)
        return next((info for info in self.decisions if part and info.id == part.node.id), None)

    def evaluate(
        self, name_or_id: str, inputs: Mapping[str, Any], environment: Environment | None = None
    ) -> Evaluation:
        """Return the value of a decision or knowledge model, its problems, and the rules that matched.

        Raises ModelError when nothing has that name or id.
        """
        part = self._find(name_or_id)
        if part is None:
            raise ModelError(
                Text(
                    f"决策“{name_or_id}”应存在,但没有,请检查名称。",
                    f"Expected a decision “{name_or_id}”, but there is none, so check the name.",
                )
            )
        environment = environment or Environment(SystemClock().now(), Calendar({}))
        return Answering(self._assembled.parts, self._assembled.types, inputs, environment).answer(part)

    def table(self, table: str) -> TableInfo | None:
        """Return the table with the id that hits name, None when there is none."""
        owned = ((part.node.name, each) for part in self._assembled.parts.values() for each in part.logic.tables)
        return next((TableInfo(name, each.drawn) for name, each in owned if each.id == table), None)

    def analyse(self, file: str) -> list[Finding]:
        """Return what the analysis of the file's tables finds: overlaps, gaps, rules that never decide."""
        parts = (part for part in self._assembled.parts.values() if part.file == file)
        return [finding for part in parts for table in part.logic.tables for finding in analyse(table, file)]

    def _find(self, name_or_id: str) -> Part | None:
        return self._by_id.get(name_or_id) or self._by_name.get(name_or_id)


def _info(part: Part, taken: Taken) -> DecisionInfo:
    logic = None if isinstance(part.node, DecisionService) else part.node.logic
    table = logic if isinstance(logic, Table) else None
    return DecisionInfo(part.node.id, part.node.name, part.file, taken.names, taken.paths, table)
