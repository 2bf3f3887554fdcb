"""Lets chosen cases of one version move to another, each in its own transaction; who does not fit stays, with reasons."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.commands.migrate_one import placed
from engine.commands.operations import required_reason
from engine.commands.plan_migration import PlannedMigration, batch_of, note_batch
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import case_migrations
from engine.store.case_migrations import MOVABLE, MOVING
from engine.store.transaction import Transaction


def migrate_cases(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    cases: Collection[int],
    source: int,
    target: int,
    elements: Mapping[str, str] | None = None,
    reason: str,
) -> PlannedMigration:
    """Return the batch, which the worker begins to move; ``cases`` were found within the actor's reach.

    ``elements`` are choices that differ from the suggested map, by the id of the element. Raises NotFound, Forbidden,
    Invalid (the same version, no reason, a choice of another sort of element).
    """
    process = runtime.definition(transaction, source).row.process
    row = batch_of(
        runtime, transaction, actor, process=process, source=source, target=target,
        elements=placed(runtime, transaction, source, elements or {}), reason=required_reason(reason), status=MOVING,
    )  # fmt: skip
    case_migrations.insert_of(transaction, row, cases, MOVABLE)
    note_batch(runtime, transaction, actor, row, len(cases))
    transaction.after_commit(runtime.wake)
    return PlannedMigration(row.key, len(cases))
