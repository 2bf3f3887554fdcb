"""Everything about one case on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.errors import Text
from engine.model import Actor
from engine.queries import attachments, incidents
from engine.queries.attachments import DocumentRow, FileRow
from engine.queries.due import Due, due
from engine.queries.facts import Fact, facts
from engine.queries.history import HistoryRow, history
from engine.queries.incidents import IncidentRow
from engine.queries.item_words import named_with_item
from engine.queries.offered_to import offered_to
from engine.queries.reasons import Reason, reasons
from engine.runtime import Runtime
from engine.runtime.opening import OpenedCase, open_case
from engine.runtime.rejections import unknown_case
from engine.runtime.telling import Telling, tellings
from engine.runtime.visibility import may_with_case
from engine.store import cases, suspensions
from engine.store import tables as t
from engine.store.suspensions import Suspension
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """What a case is about, in a few lines."""

    key: int
    number: str
    title: str
    process: str
    process_name: str
    version: int
    region: str
    region_name: str
    started_at: datetime
    started_by: str
    channel: str
    status: str
    ended_at: datetime | None
    end_name: str | None
    parent: int | None
    facts: tuple[Fact, ...]
    undoing_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open user task of a case: who has it or whose it is."""

    key: int
    name: str
    process: str
    element: str
    role_name: Text
    region_name: str
    assignee_name: str | None
    created_at: datetime
    due: Due | None
    mine: bool


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer that waits."""

    process: str
    element: str
    name: str
    due: Due


@dataclass(frozen=True, slots=True)
class DiagramState:
    """Where a case is on a diagram: element id -> ``active``, ``done``, ``incident`` or ``cancelled``."""

    process: str
    name: str
    definition: int
    elements: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case with all that hangs on it; ``awaited`` are the steps that another case or the outside has to answer."""

    summary: CaseSummary
    open_tasks: tuple[OpenTask, ...]
    timers: tuple[Timer, ...]
    awaited: tuple[HistoryRow, ...]
    history: tuple[HistoryRow, ...]
    reasons: Mapping[int, tuple[Reason, ...]]
    documents: tuple[DocumentRow, ...]
    files: tuple[FileRow, ...]
    incidents: tuple[IncidentRow, ...]
    diagrams: tuple[DiagramState, ...]
    suspension: Suspension | None
    undoable: int
    tellings: tuple[Telling, ...]


def case_page(runtime: Runtime, transaction: Transaction, actor: Actor, case: int) -> CasePage:
    """Return the case. Raises NotFound when there is none for this person."""
    opened = visible_case(runtime, transaction, actor, case)
    past = history(runtime, transaction, case)
    faults = incidents.of_case(transaction, case)
    return CasePage(
        summary=summary(runtime, opened),
        open_tasks=_open_tasks(runtime, transaction, actor, opened),
        timers=_timers(transaction, opened),
        awaited=_awaited(transaction, case, past),
        history=past,
        reasons=reasons(opened.definition, past),
        documents=attachments.documents(transaction, case),
        files=attachments.files(transaction, runtime.keyring, case),
        incidents=faults,
        diagrams=diagram_states(opened, past, faults),
        suspension=suspensions.of_case(transaction, opened.row),
        undoable=opened.run.undoable,
        tellings=tuple(tellings(transaction, actor, opened)),
    )


def visible_case(runtime: Runtime, transaction: Transaction, actor: Actor, case: int) -> OpenedCase:
    """Return the case opened for looking. Raises NotFound when there is none for this person."""
    row = cases.find(transaction, case)
    if row is None or not may_with_case(runtime, transaction, actor, "see_case", row):
        raise unknown_case()
    state = transaction.execute(_STATE, {"case_": case}).scalar_one()
    return open_case(runtime, transaction, row, state)


def summary(runtime: Runtime, opened: OpenedCase) -> CaseSummary:
    """Return the case's summary, personal numbers masked."""
    row, definition = opened.row, opened.definition
    names = definition.summary_names()
    return CaseSummary(
        key=row.key,
        number=row.number,
        title=cases.open_title(runtime.keyring, row.key, row.title),
        process=row.process,
        process_name=definition.name,
        version=definition.row.version,
        region=row.region,
        region_name=runtime.regions.name(row.region),
        started_at=row.started_at,
        started_by=row.started_by,
        channel=row.channel,
        status=row.status,
        ended_at=row.ended_at,
        end_name=row.end_name,
        parent=row.parent,
        facts=facts(definition, names, opened.run.view(None)),
        undoing_at=row.undoing_at if row.status == "open" else None,
    )


def diagram_states(
    opened: OpenedCase, past: Sequence[HistoryRow], faults: Sequence[IncidentRow]
) -> tuple[DiagramState, ...]:
    """Return the state of each diagram the case touched, its own first."""
    elements: dict[str, dict[str, str]] = {opened.row.process: {}}
    for row in past:
        elements.setdefault(row.process, {})[row.element] = _state(row)
    for fault in faults:
        if fault.resolved_at is None and fault.element:
            elements.setdefault(fault.process, {})[fault.element] = "incident"
    diagrams = opened.definition.diagrams
    return tuple(
        DiagramState(process, diagrams[process].executable.name, opened.row.definition, states)
        for process, states in elements.items()
        if process in diagrams
    )


def _state(row: HistoryRow) -> str:
    if row.left_at is None:
        return "active"
    return "done" if row.outcome == "completed" else "cancelled"


def _open_tasks(runtime: Runtime, transaction: Transaction, actor: Actor, opened: OpenedCase) -> tuple[OpenTask, ...]:
    roles, calendar = opened.published.roles, opened.published.calendar
    return tuple(
        OpenTask(
            key=row.key,
            name=named_with_item(runtime, row.name, row.item),
            process=row.process,
            element=row.element,
            role_name=offered_to(roles, row.role, row.others),
            region_name=runtime.regions.name(row.region),
            assignee_name=row.assignee_name,
            created_at=row.created_at,
            due=due(calendar, transaction.now, row.due_at, row.provisional),
            mine=row.assignee is not None and row.assignee == actor.person,
        )
        for row in transaction.execute(_TASKS, {"case_": opened.row.key})
    )


def _timers(transaction: Transaction, opened: OpenedCase) -> tuple[Timer, ...]:
    found = []
    for row in transaction.execute(_TIMERS, {"case_": opened.row.key}):
        seen = due(opened.published.calendar, transaction.now, row.due_at, row.provisional)
        node = opened.definition.nodes.get((row.process, row.element))
        if seen is not None:
            found.append(Timer(row.process, row.element, node.name if node else row.element, seen))
    return tuple(found)


def _awaited(transaction: Transaction, case: int, past: tuple[HistoryRow, ...]) -> tuple[HistoryRow, ...]:
    """Return the steps that wait for a message; what may interrupt the case at any time is no step yet."""
    waiting = set(transaction.execute(_MESSAGES, {"case_": case}).scalars())
    return tuple(row for row in past if row.left_at is None and row.token in waiting)


_STATE = sa.select(t.case_state.c.state).where(t.case_state.c.case == sa.bindparam("case_"))
_u = t.user_task.c
_TASKS = (
    sa.select(
        _u.key, _u.name, _u.item, _u.process, _u.element, _u.role, _u.others, _u.region, _u.assignee, _u.assignee_name,
        _u.created_at, _u.due_at, _u.provisional,
    )
    .where(_u.case == sa.bindparam("case_"), _u.status == "open")
    .order_by(_u.key)
)  # fmt: skip
_MESSAGES = sa.select(t.subscription.c.token).where(
    t.subscription.c.case == sa.bindparam("case_"), t.subscription.c.kind == "message"
)
_TIMERS = (
    sa.select(t.job.c.process, t.job.c.element, t.job.c.due_at, t.job.c.provisional)
    .where(t.job.c.case == sa.bindparam("case_"), t.job.c.kind == "timer", t.job.c.status.in_(("waiting", "queued", "suspended")))
    .order_by(t.job.c.due_at)
)
