"""A decision model ready to answer: by name or id, with the rules that led to the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.clock import Calendar, SystemClock
from engine.dmn.answering import Answering
from engine.dmn.assembling import Part
from engine.dmn.linking import names_of
from engine.dmn.tree import Decision, Table
from engine.errors import ModelError, Text
from engine.feel import Environment
from engine.model import Evaluation


@dataclass(frozen=True, slots=True)
class DecisionInfo:
    """A decision: the free names and dotted paths that it and all it requires take from the case."""

    id: str
    name: str
    file: str
    reads: frozenset[str]
    paths: frozenset[tuple[str, ...]]
    table: Table | None


class Model:
    """The decisions of one file and of those it imports."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = parts
        nearest_last = tuple(reversed(tuple(parts.values())))
        self._by_id = {part.node.id: part for part in nearest_last}
        self._by_name = {name: part for part in nearest_last for name in names_of(part.node)}
        self.decisions = tuple(_info(part, parts) for part in parts.values() if isinstance(part.node, Decision))

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
        return Answering(self._parts, inputs, environment or Environment(SystemClock().now(), Calendar({}))).answer(
            part
        )

    def _find(self, name_or_id: str) -> Part | None:
        return self._by_id.get(name_or_id) or self._by_name.get(name_or_id)


def _info(part: Part, parts: Mapping[str, Part]) -> DecisionInfo:
    reads: set[str] = set()
    paths: set[tuple[str, ...]] = set()
    for key in part.order:
        reads |= parts[key].free_names()
        paths |= parts[key].free_paths()
    logic = part.node.logic
    table = logic if isinstance(logic, Table) else None
    return DecisionInfo(part.node.id, part.node.name, part.file, frozenset(reads), frozenset(paths), table)
