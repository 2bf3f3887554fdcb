"""Batches of cases that are moved to another version: looked at, moved, moved back, each case in its own transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from engine.commands.dry_run_migration import dry_run_migration
from engine.commands.migrate_case import migrate_case
from engine.commands.undo_migration import undo_case_migration
from engine.errors import ModelError
from engine.runtime import Runtime
from engine.store import case_migrations
from engine.store.case_migrations import EXAMINING, FAILED, MOVING, NEXT, UNDOING, MigrationRow
from engine.store.transaction import Transaction

SOME = 50

_DOING: Mapping[str, Callable[..., str]] = {
    EXAMINING: dry_run_migration,
    MOVING: migrate_case,
    UNDOING: undo_case_migration,
}


def work_off_migrations(runtime: Runtime, most: int = SOME, pause: float = 0.0) -> bool:
    """Do the next cases of the oldest batch under way, ``pause`` seconds apart; return whether there is more to do.

    What was interrupted is taken up where it stopped: each case's status changes with what was done to it.
    """
    with runtime.read() as transaction:
        row = next(iter(case_migrations.under_way(transaction)), None)
        cases = case_migrations.next_cases(transaction, row, most) if row else []
    if row is None:
        return False
    for case in cases:
        _do(runtime, row, case)
        time.sleep(pause)
    if not cases:
        runtime.attempt(partial(_finish, row))
    return True


def _do(runtime: Runtime, row: MigrationRow, case: int) -> None:
    try:
        runtime.attempt(partial(_DOING[row.status], runtime, migration=row, case=case))
    except ModelError as fault:
        runtime.attempt(partial(_fail, row, case, fault))


def _fail(row: MigrationRow, case: int, fault: ModelError, transaction: Transaction) -> None:
    sentence = fault.message
    case_migrations.settle(transaction, row.key, case, FAILED, fault=(sentence.zh, sentence.en))


def _finish(row: MigrationRow, transaction: Transaction) -> None:
    current: Any = case_migrations.lock(transaction, row.key)
    if current is not None and current.status == row.status:
        case_migrations.set_status(transaction, row.key, NEXT[row.status][1])
