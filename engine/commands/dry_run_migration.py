"""Looks at one case of a planned batch: whether it can be moved, and if not, why."""

from __future__ import annotations

from engine.commands.moving import belongs, element_map, mover
from engine.commands.work import open_work
from engine.runtime import Runtime
from engine.store import case_migrations, cases
from engine.store.case_migrations import GONE, MOVABLE, REFUSED, WAITING, MigrationRow
from engine.store.transaction import Transaction


def dry_run_migration(runtime: Runtime, transaction: Transaction, *, migration: MigrationRow, case: int) -> str:
    """Return the case's status in the batch: ``movable``, ``refused`` with its obstacles, or ``gone`` when it ended."""
    locked = cases.lock(transaction, case)
    item = case_migrations.case_of(transaction, migration.key, case)
    if item is None or item.status != WAITING:
        return item.status if item else GONE
    if locked is None or not belongs(locked, migration.source):
        case_migrations.settle(transaction, migration.key, case, GONE)
        return GONE
    work = open_work(runtime, transaction, mover(migration), locked)
    obstacles = work.run.obstacles(element_map(runtime, transaction, migration))
    status = REFUSED if obstacles else MOVABLE
    case_migrations.settle(transaction, migration.key, case, status, obstacles=obstacles)
    return status
