"""What moving a case to another version and moving it back have in common: the other version, the rows, the due times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.commands.hand_up_tasks import RECEIVER
from engine.commands.offering import offer_of
from engine.commands.work import Work, offered
from engine.model import Actor, OpenedTask
from engine.runtime import LoadedDefinition, Runtime
from engine.runtime.opening import OpenedCase, execution_environment
from engine.spiff import ElementMap, ExecutionEnvironment, Run, Standing
from engine.store import cases, jobs, user_tasks
from engine.store.case_migrations import MigrationRow
from engine.store.cases import CaseRow, LockedCase
from engine.store.rechunking import rechunk
from engine.store.refit import refit
from engine.store.transaction import Transaction
from engine.store.user_tasks import Offer
from engine.store.variables import CaseVariables


def mover(migration: MigrationRow) -> Actor:
    """Return who moves the cases of a batch: the person who ordered it."""
    return Actor(migration.person, migration.person_name, channel="migration")


def element_map(runtime: Runtime, transaction: Transaction, migration: MigrationRow) -> ElementMap:
    """Return the map of a batch between the programs of its versions."""
    old, new = (runtime.definition(transaction, key) for key in (migration.source, migration.target))
    return ElementMap(old.program, new.program, migration.map())


def other_version(work: Work, definition: LoadedDefinition) -> tuple[CaseRow, ExecutionEnvironment, CaseVariables]:
    """Let the case's row and variables belong to another version; return them with what expressions see there."""
    before, transaction, keyring = work.definition, work.transaction, work.runtime.keyring
    row = replace(work.row, definition=definition.row.key)
    cases.rebind(transaction, row.key, row.definition)
    names = before.names_in_forms | definition.names_in_forms
    rechunk(transaction, keyring, row.key, before.chunk_of, definition.chunk_of, names)
    environment = execution_environment(work.runtime, transaction, definition, row)
    return row, environment, CaseVariables(transaction, keyring, row.key, definition.chunk_of)


def opened_on(
    work: Work,
    definition: LoadedDefinition,
    row: CaseRow,
    environment: ExecutionEnvironment,
    variables: CaseVariables,
    run: Run,
) -> Work:
    """Return the same case, held by the same transaction, as it is on another version."""
    opened = OpenedCase(row, definition, work.published, variables, environment, run)
    return Work(work.runtime, work.transaction, work.actor, opened, work.locked)


def refit_rows(work: Work, before: Mapping[int, Standing]) -> dict[int, int]:
    """Make tasks, timers, jobs, subscriptions and history say what the tokens say; what is new comes with the step.

    ``before`` is how the tokens stood on the version they leave. Returns the jobs of timers that waited there, by token.
    """
    run, key = work.run, work.row.key
    tasks, roles = run.open_tasks(), user_tasks.roles_of_open(work.transaction, key)
    fitted = refit(
        work.transaction, key, before, run.standing(), tasks, lambda task: _offered_still(work, task, roles)
    )
    begun = {timer.token for timer in run.step.timers} | {one.token for one in run.step.subscriptions}
    for token in fitted.missing:
        if token not in begun:
            run.await_again(token)
    return dict(fitted.timers)


def _offered_still(work: Work, task: OpenedTask, roles: Mapping[int, str | None]) -> Offer:
    """Return to whom the task is offered there; what was handed up stays with its receiver, who decides it now."""
    receiver = task.properties.get(RECEIVER)
    if receiver is None or roles.get(task.token) != receiver:
        return offered(work, task)
    return offer_of(
        work.transaction, work.published, work.row, replace(task, roles=(receiver,), people=(), assignee=None)
    )


def plan_again(work: Work, timers: dict[int, int], *, anew: bool) -> None:
    """Write the due times of timers and tasks: counted anew, or as the state has them."""
    for token, job in timers.items():
        if anew:
            work.run.replan(token)
        else:
            work.run.await_again(token)
        planned = work.run.step.timers.pop()
        jobs.replan(work.transaction, job, planned.due, planned.provisional)
    for task in user_tasks.with_due_date(work.transaction, work.row.key):
        opened = work.run.replan_task(task.token)
        user_tasks.set_due(work.transaction, task.key, opened.due, opened.provisional)


def belongs(locked: LockedCase | None, definition: int) -> bool:
    """Return whether the case is open and on this version."""
    return locked is not None and locked.row.status == "open" and locked.row.definition == definition
