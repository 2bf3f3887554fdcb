"""Plans to move the open cases of one version of a process to another: by which map, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.access import Scope, scope
from engine.diagram.matching import Match, match
from engine.errors import Forbidden, Invalid, Text
from engine.model import Actor
from engine.runtime import LoadedDefinition, Runtime
from engine.runtime.rejections import unknown_process
from engine.store import audit, case_migrations
from engine.store.case_migrations import EXAMINING, MigrationRow
from engine.store.keys import new_key
from engine.store.transaction import Transaction

NO_RIGHT = Text(
    "只有流程发布岗或运行维护岗可以迁移在办案件。",
    "Expected the right to publish or to repair; ask somebody who has it.",
)


@dataclass(frozen=True, slots=True)
class PlannedMigration:
    """The batch, and how many open cases it looks at."""

    key: int
    cases: int


def plan_migration(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    process: str,
    source: int,
    target: int,
    elements: Mapping[tuple[str, str], str | None] | None = None,
    replan: bool = False,
    reason: str,
) -> PlannedMigration:
    """Return the planned batch; nothing moves yet, each case is looked at first.

    ``elements`` are choices that differ from the suggested map, by process and element; None: it has no counterpart.
    ``replan`` counts timers and due times anew instead of keeping them. Raises NotFound, Forbidden, or Invalid
    (the same version twice, no reason, a choice of another sort of element).
    """
    reach = allowed(runtime, transaction, actor)
    if not reason.strip():
        message = Text("请写明迁移原因。", "Expected a reason for moving the cases; write one.")
        raise Invalid(message, {"reason": message})
    row = batch_of(
        runtime, transaction, actor, process=process, source=source, target=target, elements=elements, replan=replan,
        reason=reason, status=EXAMINING,
    )  # fmt: skip
    count = case_migrations.insert(transaction, row, reach)
    note_batch(runtime, transaction, actor, row, count)
    transaction.after_commit(runtime.wake)
    return PlannedMigration(row.key, count)


def batch_of(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    process: str,
    source: int,
    target: int,
    elements: Mapping[tuple[str, str], str | None] | None,
    replan: bool = False,
    reason: str,
    status: str,
) -> MigrationRow:
    """Return the row of a batch, not yet written: the suggested map with these choices. Raises as plan_migration."""
    reach = allowed(runtime, transaction, actor)
    old, new = versions_of(runtime, transaction, process, source, target)
    return MigrationRow(
        key=new_key(), process=process, source=source, target=target, replan=replan, reason=reason.strip(),
        elements=case_migrations.packed_map(_chosen(match(old.diagrams, new.diagrams), elements or {})),
        regions=" ".join(reach.regions), status=status, person=actor.person, person_name=actor.name,
        created_at=transaction.now,
    )  # fmt: skip


def note_batch(runtime: Runtime, transaction: Transaction, actor: Actor, row: MigrationRow, count: int) -> None:
    """Write down who lets how many cases move from which version to which, and why."""
    old, new = (runtime.definition(transaction, key).row.version for key in (row.source, row.target))
    details = {"from": old, "to": new, "cases": count, "reason": row.reason}
    entry = audit.Entry("plan_migration", f"process:{row.process}", details=details)
    audit.append_unlocked(transaction, "migrations", actor, entry)


def allowed(runtime: Runtime, transaction: Transaction, actor: Actor) -> Scope:
    """Return where the actor may move cases. Raises Forbidden when that is nowhere."""
    reach = scope(runtime.published(transaction).roles, actor, "migrate")
    if reach.empty:
        raise Forbidden(NO_RIGHT)
    return reach


def versions_of(
    runtime: Runtime, transaction: Transaction, process: str, source: int, target: int
) -> tuple[LoadedDefinition, LoadedDefinition]:
    """Return both versions ready to run. Raises NotFound, or Invalid when they are one."""
    old, new = runtime.definition(transaction, source), runtime.definition(transaction, target)
    if {old.row.process, new.row.process} != {process}:
        raise unknown_process(process)
    if old.row.key == new.row.key:
        message = Text("请选择两个不同的版本。", "Expected two versions, but both are the same; choose another one.")
        raise Invalid(message, {"target": message})
    return old, new


def _chosen(matches: list[Match], choices: Mapping[tuple[str, str], str | None]) -> dict[tuple[str, str], str]:
    chosen: dict[tuple[str, str], str] = {}
    for one in matches:
        place = (one.process, one.node.id)
        target = choices.get(place, one.target)
        if target is None:
            continue
        if all(target != candidate.id for candidate in one.candidates):
            raise Invalid(_other_sort(one.node.name or one.node.id), {f"{one.process}/{one.node.id}": _WRONG_CHOICE})
        chosen[place] = target
    return chosen


_WRONG_CHOICE = Text("请选择同类元素", "Choose an element of the same kind")


def _other_sort(shown: str) -> Text:
    return Text(
        f"「{shown}」应对应新版本中的同类元素,请重新选择。",
        f"Expected an element of the same kind for “{shown}”; choose another one.",
    )
