"""Which decisions are deployed, and what one of them answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.access import may_anywhere
from engine.errors import Forbidden, NotFound, Text
from engine.feel import Environment
from engine.model import Actor, Evaluation
from engine.runtime import LoadedDefinition, Runtime
from engine.store import definitions
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DeployedDecision:
    """A decision of one version of a process; ``place`` is its place among the version's decisions."""

    definition: int
    place: int
    version: int
    id: str
    name: str
    file: str
    shared: bool
    tabular: bool


def deployed_decisions(runtime: Runtime, transaction: Transaction, actor: Actor) -> tuple[DeployedDecision, ...]:
    """Return the decisions of the newest version of every process, a shared one once. Raises Forbidden."""
    _check(runtime, transaction, actor)
    found: dict[str, DeployedDecision] = {}
    for process in definitions.processes(transaction):
        for decision in _decisions(runtime.latest(transaction, process)):
            known = found.get(decision.id)
            if known is None or (known.shared and not decision.shared):
                found[decision.id] = decision
    return tuple(found[id_] for id_ in sorted(found))


def decision_at(
    runtime: Runtime, transaction: Transaction, actor: Actor, definition: int, place: int
) -> DeployedDecision:
    """Return the decision at a place of a version. Raises NotFound, or Forbidden."""
    _check(runtime, transaction, actor)
    for decision in _decisions(runtime.definition(transaction, definition)):
        if decision.place == place:
            return decision
    raise _no_decision()


def decision_of_id(runtime: Runtime, transaction: Transaction, actor: Actor, id_: str) -> DeployedDecision:
    """Return the newest decision of this id. Raises NotFound, or Forbidden."""
    for decision in deployed_decisions(runtime, transaction, actor):
        if decision.id == id_:
            return decision
    raise _no_decision()


def decision_file(runtime: Runtime, transaction: Transaction, decision: DeployedDecision) -> bytes:
    """Return the file the decision was deployed in."""
    return runtime.definition(transaction, decision.definition).table_files[decision.id]


def evaluate(
    runtime: Runtime, transaction: Transaction, decision: DeployedDecision, values: Mapping[str, Any]
) -> Evaluation:
    """Return what the decision answers today, with the city's numbers in force as ``policy``."""
    published = runtime.published(transaction)
    environment = Environment(transaction.now, published.calendar)
    context = {"policy": published.policy(transaction.now.date(), ""), **values}
    model = runtime.definition(transaction, decision.definition).tables[decision.id]
    return model.evaluate(decision.id, context, environment)


def _decisions(loaded: LoadedDefinition) -> Iterator[DeployedDecision]:
    for place, id_ in enumerate(sorted(loaded.tables)):
        info = loaded.tables[id_].decision(id_)
        if info is None:
            continue
        yield DeployedDecision(
            loaded.row.key, place, loaded.row.version, id_, info.name, info.file.rsplit("/", 1)[-1],
            "/" in info.file or info.file not in loaded.files, info.table is not None,
        )  # fmt: skip


def _check(runtime: Runtime, transaction: Transaction, actor: Actor) -> None:
    if not may_anywhere(runtime.published(transaction).roles, actor, "see_definition"):
        raise Forbidden(Text("您的岗位不能查看决策表。", "Expected a role that works with processes; ask for one."))


def _no_decision() -> NotFound:
    return NotFound(Text("没有找到这个决策。", "Expected a deployed decision, but there is none with this id or key."))
