"""Moves the cases of a batch back to the version they came from, as far as nothing has happened to them since."""

from __future__ import annotations

from engine.commands.follow_up import follow_up
from engine.commands.moving import belongs, mover, opened_on, other_version, plan_again, refit_rows
from engine.commands.run_migration import lock_migration, order
from engine.commands.work import Work, open_work, save, write_rows
from engine.errors import Conflict, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.spiff import Run
from engine.store import case_migrations, cases, iterations
from engine.store.audit import Entry
from engine.store.case_migrations import GONE, KEPT, MOVED, UNDOING, UNDONE, MigrationRow, Snapshot
from engine.store.cases import LockedCase
from engine.store.iterations import CaseIterations
from engine.store.transaction import Transaction


def undo_migration(runtime: Runtime, transaction: Transaction, actor: Actor, *, migration: int) -> None:
    """Begin to move back every case of the batch that nobody has touched since.

    Raises NotFound, Forbidden, or Conflict when the batch has not been moved.
    """
    row = lock_migration(runtime, transaction, actor, migration)
    if row.status != MOVED:
        raise Conflict(Text("这批案件尚未迁移完，不能撤回。", "Expected a batch whose cases were moved."))
    order(runtime, transaction, actor, row, UNDOING, "undo_migration")


def undo_case_migration(runtime: Runtime, transaction: Transaction, *, migration: MigrationRow, case: int) -> str:
    """Return the case's status in the batch: ``undone``, or ``kept`` where it has gone on since it was moved.

    Raises ModelError when the case does not fit its former version any more.
    """
    locked = cases.lock(transaction, case)
    item = case_migrations.case_of(transaction, migration.key, case)
    if item is None or item.status != MOVED:
        return item.status if item else GONE
    untouched = locked is not None and belongs(locked, migration.target) and locked.version == item.version
    if locked is None or not untouched or item.snapshot is None:
        case_migrations.settle(transaction, migration.key, case, KEPT)
        return KEPT
    snapshot = case_migrations.opened(runtime.keyring, item, item.snapshot)
    work = _moved_back(runtime, transaction, migration, locked, snapshot)
    write_rows(work, None)
    save(work, Entry("undo_migration", f"case:{case}", details={"migration": str(migration.key)}))
    iterations.find_again(transaction, case, work.run.tokens_inside_iterations())
    case_migrations.settle(transaction, migration.key, case, UNDONE)
    # Under the former name or key a message may have come meanwhile.
    follow_up(work)
    return UNDONE


def _moved_back(
    runtime: Runtime, transaction: Transaction, migration: MigrationRow, locked: LockedCase, snapshot: Snapshot
) -> Work:
    after = open_work(runtime, transaction, mover(migration), locked)
    # Before what is kept apart is put back: afterwards it is that of the former version.
    stood = after.run.standing()
    definition = runtime.definition(transaction, migration.source)
    row, environment, variables = other_version(after, definition)
    iterations.put_back(transaction, runtime.keyring, row.key, snapshot.iterations)
    kept_apart = CaseIterations(transaction, runtime.keyring, row.key)
    run = Run.load(definition.program, snapshot.state, environment, variables, kept_apart).gather()
    run.skip_keys(after.run)
    back = opened_on(after, definition, row, environment, variables, run)
    timers = refit_rows(back, stood)
    if migration.replan:
        plan_again(back, timers, anew=False)
    return back
