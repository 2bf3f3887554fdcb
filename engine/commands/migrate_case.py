"""Moves one case of a batch to the other version of its process: tokens, claims, drafts, timers and variables stay."""

from __future__ import annotations

from engine.commands.moving import belongs, element_map, mover, opened_on, other_version, plan_again, refit_rows
from engine.commands.step import take_step
from engine.commands.work import Work, open_work
from engine.model import Step
from engine.runtime import Runtime
from engine.store import case_migrations, cases
from engine.store.audit import Entry
from engine.store.case_migrations import GONE, MOVABLE, MOVED, REFUSED, MigrationRow, Snapshot
from engine.store.iterations import CaseIterations
from engine.store.transaction import Transaction


def migrate_case(runtime: Runtime, transaction: Transaction, *, migration: MigrationRow, case: int) -> str:
    """Return the case's status in the batch: ``moved``, ``refused`` when it stands elsewhere now, ``gone`` if it ended.

    Raises ModelError when the case cannot go on there: the caller's transaction is thrown away.
    """
    locked = cases.lock(transaction, case)
    item = case_migrations.case_of(transaction, migration.key, case)
    if item is None or item.status != MOVABLE:
        return item.status if item else GONE
    if locked is None or not belongs(locked, migration.source):
        case_migrations.settle(transaction, migration.key, case, GONE)
        return GONE
    before = open_work(runtime, transaction, mover(migration), locked)
    obstacles = before.run.obstacles(element_map(runtime, transaction, migration))
    if obstacles:
        case_migrations.settle(transaction, migration.key, case, REFUSED, obstacles=obstacles)
        return REFUSED
    state = runtime.keyring.open(locked.state, cases.state_place(case))
    after = _moved(before, migration)
    take_step(after, _entry(runtime, transaction, migration, case))
    snapshot = None
    if _stands_still(after.run.step):
        snapshot = case_migrations.seal(runtime.keyring, migration.key, case, _snapshot(state, before, after))
    case_migrations.settle(transaction, migration.key, case, MOVED, version=locked.version + 1, snapshot=snapshot)
    return MOVED


def _moved(before: Work, migration: MigrationRow) -> Work:
    definition = before.runtime.definition(before.transaction, migration.target)
    row, environment, variables = other_version(before, definition)
    kept_apart = CaseIterations(before.transaction, before.runtime.keyring, row.key)
    elements = element_map(before.runtime, before.transaction, migration)
    run = before.run.transplanted(elements, environment, variables, kept_apart)
    after = opened_on(before, definition, row, environment, variables, run)
    timers = refit_rows(after, before.run.standing())
    if migration.replan:
        plan_again(after, timers, anew=True)
    return after


def _entry(runtime: Runtime, transaction: Transaction, migration: MigrationRow, case: int) -> Entry:
    old, new = (runtime.definition(transaction, key).row.version for key in (migration.source, migration.target))
    details = {"migration": str(migration.key), "from": old, "to": new, "reason": migration.reason}
    return Entry("migrate_case", f"case:{case}", details=details)


def _stands_still(step: Step) -> bool:
    """Return whether moving did nothing but move: only then can it be undone."""
    return not (step.left or step.opened or step.jobs or step.messages or step.signals or step.ended)


def _snapshot(state: bytes, before: Work, after: Work) -> Snapshot:
    now = after.run.iterations_as_stored()
    earlier = before.run.iterations_as_stored().values()
    return Snapshot(state, tuple(one for one in earlier if now[one.token].state != one.state))
