"""Moves one case to another version of its process at once, or says why it cannot be moved."""

from __future__ import annotations

from collections.abc import Mapping

from engine.commands.dry_run_migration import dry_run_migration
from engine.commands.migrate_case import migrate_case
from engine.commands.operations import required_reason
from engine.commands.plan_migration import allowed, batch_of, note_batch
from engine.errors import Conflict, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.obstacles import REASONS
from engine.runtime.rejections import unknown_case
from engine.runtime.visibility import may_with_case
from engine.store import case_migrations, cases
from engine.store.case_migrations import MOVED, MOVING, WAITING, MigrationRow
from engine.store.cases import CaseRow
from engine.store.transaction import Transaction


def migrate_one(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    case: int,
    target: int,
    elements: Mapping[str, str] | None = None,
    reason: str,
) -> int:
    """Return the key of the batch that holds this case alone; while the case is untouched it can be undone as any other.

    ``elements`` are choices that differ from the suggested map, by the id of the element. Raises NotFound, Forbidden,
    Conflict naming what is in the way, Invalid (the same version, no reason, a choice of another sort of element).
    """
    allowed(runtime, transaction, actor)
    given = required_reason(reason)
    locked = cases.lock(transaction, case)
    if locked is None or not may_with_case(runtime, transaction, actor, "migrate", locked.row):
        raise unknown_case()
    row = locked.row
    if row.status != "open":
        raise Conflict(Text("案件已经办结。", "Expected an open case, but it has ended."))
    batch = batch_of(
        runtime, transaction, actor, process=row.process, source=row.definition, target=target,
        elements=placed(runtime, transaction, row.definition, elements or {}), reason=given, status=MOVING,
    )  # fmt: skip
    case_migrations.insert_of(transaction, batch, [case], WAITING)
    if dry_run_migration(runtime, transaction, migration=batch, case=case) != case_migrations.MOVABLE:
        raise Conflict(_in_the_way(runtime, transaction, batch, row))
    migrate_case(runtime, transaction, migration=batch, case=case)
    case_migrations.set_status(transaction, batch.key, MOVED)
    note_batch(runtime, transaction, actor, batch, 1)
    return batch.key


def placed(
    runtime: Runtime, transaction: Transaction, definition: int, elements: Mapping[str, str]
) -> dict[tuple[str, str], str | None]:
    """Return choices by process and element; an id that occurs in several processes of the version counts in all."""
    nodes = runtime.definition(transaction, definition).nodes
    return {place: elements[place[1]] for place in nodes if place[1] in elements}


def _in_the_way(runtime: Runtime, transaction: Transaction, batch: MigrationRow, row: CaseRow) -> Text:
    found = case_migrations.case_of(transaction, batch.key, row.key)
    nodes = runtime.definition(transaction, batch.source).nodes
    reasons = []
    for one in case_migrations.obstacles_of(found.obstacles if found else ""):
        node = nodes.get((one.process, one.element))
        reasons.append((node.name if node and node.name else one.element, REASONS[one.reason]))
    zh = ";".join(f"「{name}」:{why.zh}" for name, why in reasons)
    en = "; ".join(f"“{name}”: {why.en}" for name, why in reasons)
    return Text(f"案件不能迁移到该版本。{zh}。", f"Expected a case that fits the other version, but it does not. {en}.")
