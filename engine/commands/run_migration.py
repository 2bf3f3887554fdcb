"""Lets a batch move its cases, once each was looked at."""

from __future__ import annotations

from engine.access import covers_all
from engine.commands.plan_migration import allowed
from engine.errors import Conflict, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_migration
from engine.store import audit, case_migrations
from engine.store.case_migrations import EXAMINED, MOVING, MigrationRow
from engine.store.transaction import Transaction


def run_migration(runtime: Runtime, transaction: Transaction, actor: Actor, *, migration: int) -> None:
    """Begin to move every case of the batch that can be moved; the worker does it, each case in its own transaction.

    Raises NotFound, Forbidden, or Conflict when the batch is doing or has done something else.
    """
    row = lock_migration(runtime, transaction, actor, migration)
    if row.status != EXAMINED:
        raise Conflict(Text("这批迁移已经开始或尚未检查完。", "Expected a batch that was looked at and not begun yet."))
    order(runtime, transaction, actor, row, MOVING, "run_migration")


def lock_migration(runtime: Runtime, transaction: Transaction, actor: Actor, migration: int) -> MigrationRow:
    """Return the batch, locked. Raises Forbidden without the right, NotFound when it reaches further than the actor."""
    reach = allowed(runtime, transaction, actor)
    row = case_migrations.lock(transaction, migration)
    if row is None or not covers_all(reach.regions, row.regions):
        raise unknown_migration()
    return row


def order(
    runtime: Runtime, transaction: Transaction, actor: Actor, row: MigrationRow, status: str, action: str
) -> None:
    """Let the worker do what the status says with every case of the batch."""
    case_migrations.set_status(transaction, row.key, status)
    entry = audit.Entry(action, f"migration:{row.key}", details={"process": row.process})
    audit.append_unlocked(transaction, "migrations", actor, entry)
    transaction.after_commit(runtime.wake)
