"""One case opened for one step: its run, its variables, and what the step's end writes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.commands.offering import offer_of
from engine.errors import BpmnError, ModelError, Text
from engine.feel import Environment
from engine.model import Actor, LocalCall, OpenedTask
from engine.runtime import LoadedDefinition, Published, Runtime
from engine.runtime.opening import OpenedCase, open_case
from engine.spiff import Run
from engine.store import audit, cases, iterations
from engine.store.cases import CaseRow, LockedCase
from engine.store.projection import Completion, Projector
from engine.store.transaction import Transaction
from engine.store.user_tasks import Offer
from engine.store.variables import CaseVariables

_FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Work:
    """A case this transaction holds, ready to be moved; ``locked`` is None for one that is just beginning.

    ``hops`` counts the cases that set each other off until one made this one move. ``acted_as`` is the role whose task
    was completed.
    """

    runtime: Runtime
    transaction: Transaction
    actor: Actor
    opened: OpenedCase
    locked: LockedCase | None = None
    hops: int = 0
    acted_as: str | None = None

    @property
    def row(self) -> CaseRow:
        """Return the case's row as it was when the step began."""
        return self.opened.row

    @property
    def definition(self) -> LoadedDefinition:
        """Return the version the case runs on."""
        return self.opened.definition

    @property
    def published(self) -> Published:
        """Return the roles, calendar and numbers in force."""
        return self.opened.published

    @property
    def variables(self) -> CaseVariables:
        """Return the case's stored variables."""
        return self.opened.variables

    @property
    def run(self) -> Run:
        """Return the case in memory."""
        return self.opened.run

    def feel(self) -> Environment:
        """Return a FEEL environment at this moment, for forms and notices."""
        return Environment(self.transaction.now, self.published.calendar)


def open_work(runtime: Runtime, transaction: Transaction, actor: Actor, locked: LockedCase) -> Work:
    """Return the locked case with its state loaded."""
    opened = open_case(runtime, transaction, locked.row, locked.state)
    return Work(runtime, transaction, actor, opened, locked, hops_so_far(locked.row, transaction.now))


def hops_so_far(row: CaseRow, now: datetime) -> int:
    """Return how many cases set each other off until one reached this one; after an hour that is another story."""
    return row.hops if row.hopped_at is not None and now - row.hopped_at < _FORGOTTEN_AFTER else 0


def advance(work: Work) -> None:
    """Move the case until every token waits, running local services in this transaction."""
    while (call := work.run.advance()) is not None:
        _serve(work, call)


def _serve(work: Work, call: LocalCall) -> None:
    handler = work.runtime.services.get(call.type)
    if handler is None:
        raise ModelError(
            Text(
                f"服务「{call.type}」未注册,请联系系统管理员登记该服务后重试。",
                f"Expected a registered service, but “{call.type}” is none; register it and retry.",
            ),
            call.element,
        )
    try:
        facts = {**call.case, "policy": work.opened.environment.policy, **_who_acted(work)}
        values = handler(replace(call, case=facts), work.transaction)
    except BpmnError as error:
        work.run.throw(error.code, error.values)
    else:
        work.run.answer(values)


def _who_acted(work: Work) -> dict[str, str]:
    """Return the name of who made the case move, and the level at which the completed task stood."""
    role = work.published.roles.get(work.acted_as or "")
    return {"actor": work.actor.name, "actor_level": role.level if role is not None else "none"}


def write_rows(work: Work, completion: Completion | None) -> None:
    """Write variables and the rows of the step."""
    step = work.run.step
    projector = Projector(
        work.transaction, work.runtime.keyring, work.row, work.definition.kind_of,
        lambda task: offered(work, task), lambda type_: work.runtime.is_offered(work.published, type_),
    )  # fmt: skip
    projector.project(step, completion)
    work.runtime.observe(work.row, step)
    work.variables.write(step.variables, step.closed_scopes, completion)
    if step.ended and work.row.undoing_at is not None:
        cases.end(work.transaction, work.row, "cancelled", None, None)
    elif step.ended:
        cases.end(work.transaction, work.row, "ended", step.end_event, step.end_name)


def offered(work: Work, task: OpenedTask) -> Offer:
    """Return to whom the task is offered. Raises ModelError when there is nobody."""
    return offer_of(work.transaction, work.published, work.row, task)


def sealed_state(work: Work) -> bytes:
    """Return the state to be stored."""
    return work.runtime.keyring.seal(work.run.save(), cases.state_place(work.row.key))


def write_iterations(work: Work) -> None:
    """Write what has changed in the iterations that are kept apart from the state."""
    iterations.write(work.transaction, work.runtime.keyring, work.row.key, work.run.take_iterations())


def save(work: Work, entry: audit.Entry) -> None:
    """Write the iterations, the audit entry and the next version of the state."""
    locked = work.locked
    if locked is None:
        raise ValueError("a new case is inserted, not saved")
    write_iterations(work)
    state = sealed_state(work)
    details = {**entry.details, "before": digest(locked.state), "after": digest(state), "version": locked.version + 1}
    linked = audit.Entry(entry.action, entry.subject, entry.result, work.row.region, details)
    head = audit.append(work.transaction, chain_of(work.row.key), locked.head, work.actor, linked)
    cases.save_state(work.transaction, locked, state, head)
    wake_if_due(work)


def note(transaction: Transaction, actor: Actor, locked: LockedCase, entry: audit.Entry) -> None:
    """Write an audit entry on a case whose tokens stay as they are."""
    linked = replace(entry, region=locked.row.region)
    head = audit.append(transaction, chain_of(locked.row.key), locked.head, actor, linked)
    cases.save_state(transaction, locked, locked.state, head)


def wake_if_due(work: Work) -> None:
    """Have what the step asked of the outside, or what is due already, handed over right after the commit."""
    step = work.run.step
    if step.jobs or any(timer.due <= work.transaction.now for timer in step.timers):
        work.transaction.after_commit(work.runtime.wake)
    if step.jobs:
        work.transaction.after_commit(work.runtime.offers.ring)


def chain_of(case: int) -> str:
    """Return the audit chain of a case."""
    return f"case:{case}"


def digest(data: bytes) -> str:
    """Return a short fingerprint of bytes for the audit."""
    return hashlib.sha256(data).hexdigest()[:32]
