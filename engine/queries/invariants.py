"""What must hold of everything stored, whatever happened: for tests, soak runs and audits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from engine.model import Actor, Grant
from engine.queries.page import MOST
from engine.queries.worklist import worklist
from engine.runtime import Runtime
from engine.runtime.opening import OpenedCase, open_case
from engine.spiff import check_invariants
from engine.store import tables as t
from engine.store.audit import broken_links
from engine.store.cases import CASE_COLUMNS, CaseRow
from engine.store.transaction import Transaction

# What tokens of the sealed state wait for, by the rows that show it to the outside.
_KINDS = {
    "user_task": "user tasks", "timer": "timers", "job": "jobs", "message": "subscriptions", "signal": "signals",
    "conditional": "conditions",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one case that say something is still going on: token -> element, by kind."""

    waiting: dict[str, dict[int, str]] = field(default_factory=lambda: {kind: {} for kind in _KINDS})
    activities: set[int] = field(default_factory=set)
    scopes: set[int] = field(default_factory=set)
    bodies: set[int] = field(default_factory=set)
    inside: dict[int, int] = field(default_factory=dict)


def scan_invariants(runtime: Runtime) -> tuple[str, ...]:
    """Return a sentence for everything in the database that contradicts itself; nothing when all is sound."""
    with runtime.read() as transaction:
        return (
            *_cases(runtime, transaction),
            *_worklist(runtime, transaction),
            *_faults(transaction),
            *_suspensions(transaction),
            *(f"audit chain {link.chain} is broken at entry {link.sequence}" for link in broken_links(transaction)),
        )


def _cases(runtime: Runtime, transaction: Transaction) -> Iterator[str]:
    rows = _rows(transaction)
    for found in transaction.execute(_CASES).all():
        *columns, state = tuple(found)
        row = CaseRow(*columns)
        opened = open_case(runtime, transaction, row, state)
        opened.run.gather()
        for problem in (*check_invariants(opened.run), *_case(opened, rows.pop(row.key, _Rows()))):
            yield f"case {row.number}: {problem}"
    for case in rows:
        yield f"rows belong to case {case}, which does not exist"


def _case(opened: OpenedCase, rows: _Rows) -> Iterator[str]:
    waits: dict[str, dict[int, str]] = {kind: {} for kind in _KINDS}
    for wait in opened.run.waits():
        waits[wait.kind][wait.token] = f"{wait.process}/{wait.element}"
    for kind, name in _KINDS.items():
        if waits[kind] != rows.waiting[kind]:
            yield f"its tokens wait for {waits[kind]} but its {name} are {rows.waiting[kind]}"
    if opened.run.ended == (opened.row.status == "open"):
        yield f"its state has {'ended' if opened.run.ended else 'not ended'} but its row says {opened.row.status}"
    if opened.row.status == "open" and not any(waits.values()):
        yield "it is open but waits for nobody and nothing"
    yield from _traces(opened, rows)


def _traces(opened: OpenedCase, rows: _Rows) -> Iterator[str]:
    live = set(opened.run.case.index)
    if not rows.activities <= live:
        yield f"the activities of tokens {sorted(rows.activities - live)} never ended"
    unseen = (rows.waiting["user_task"].keys() | rows.waiting["job"].keys()) - rows.activities
    if unseen:
        yield f"tokens {sorted(unseen)} wait but the history does not show them"
    yield from _iterations(opened, rows)
    stray = rows.scopes - set(opened.run.case.scopes.names)
    if stray:
        yield f"variables of the closed scopes {sorted(stray)} are left"


def _iterations(opened: OpenedCase, rows: _Rows) -> Iterator[str]:
    stray = rows.bodies - opened.run.case.iterations.bodies
    if stray:
        yield f"iterations of {sorted(stray)} are left, which are no live multi-instance activities"
    live = opened.run.case.index.values()
    inside = {token.key: token.part for token in live if token.part not in (0, token.key) and token.owner is not None}
    if inside != rows.inside:
        yield f"its tokens inside iterations are {inside} but its rows say {rows.inside}"


def _rows(transaction: Transaction) -> dict[int, _Rows]:
    found: dict[int, _Rows] = defaultdict(_Rows)
    for kind, query in _WAITING.items():
        for row in transaction.execute(query):
            found[row.case].waiting[kind][row.token] = f"{row.process}/{row.element}"
    for row in transaction.execute(_ACTIVITIES):
        found[row.case].activities.add(row.token)
    for row in transaction.execute(_SCOPES):
        found[row.case].scopes.add(row.scope)
    for row in transaction.execute(_BODIES):
        found[row.case].bodies.add(row.body)
    for row in transaction.execute(_INSIDE):
        found[row.case].inside[row.token] = row.iteration
    return found


def _worklist(runtime: Runtime, transaction: Transaction) -> Iterator[str]:
    roles = runtime.published(transaction).roles
    everybody = Actor(None, "scan", tuple(Grant(role, "") for role in roles))
    shown: set[int] = set()
    page = worklist(runtime, transaction, everybody, show="all", limit=MOST)
    shown.update(row.task for row in page.rows)
    while page.next is not None:
        page = worklist(runtime, transaction, everybody, show="all", after=page.next, limit=MOST)
        shown.update(row.task for row in page.rows)
    stored = {row.key: row for row in transaction.execute(_TASKS)}
    if shown != stored.keys() or page.total != len(shown):
        yield f"the worklist shows {len(shown)} tasks and counts {page.total}, but {len(stored)} are open"
    yield from _homeless(roles, stored)


def _homeless(roles: Mapping[str, object], stored: Mapping[int, Any]) -> Iterator[str]:
    for key, row in stored.items():
        if row.role not in roles and row.assignee is None and not row.people:
            yield f"task {key} ({row.name}) is offered to nobody"


def _faults(transaction: Transaction) -> Iterator[str]:
    failed = {key for query in _FAILED for key in transaction.execute(query).scalars()}
    told = set(transaction.execute(_OPEN_INCIDENTS).scalars())
    if failed != told:
        yield f"jobs {sorted(failed)} failed for good but open incidents tell of {sorted(told)}"
    for key in transaction.execute(_STALE_DRAFTS).scalars():
        yield f"task {key} is closed but keeps a draft"
    yield from _messages(transaction)


def _messages(transaction: Transaction) -> Iterator[str]:
    for key in transaction.execute(_MISSED, {"now": transaction.now}).scalars():
        yield f"message {key} waits beside a token that waits for it"
    for key in transaction.execute(_LOST_DELIVERIES).scalars():
        yield f"delivery {key} delivers a message that does not exist"
    for key in transaction.execute(_DEAD_STARTS).scalars():
        yield f"case {key} has ended but keeps others of its message from starting"


def _suspensions(transaction: Transaction) -> Iterator[str]:
    for row in transaction.execute(_MOVING_JOBS_OF_SUSPENDED):
        yield f"job {row.key} of a suspended case is {row.status}"
    for row in transaction.execute(_STILL_JOBS_OF_RUNNING):
        yield f"job {row.key} is suspended but its case is not"
    for case in transaction.execute(_UNEXPLAINED).scalars():
        yield f"case {case} is suspended but nobody suspended it"
    for key in transaction.execute(_UNHELD).scalars():
        yield f"job {key} is held by a worker but not offered to any"


_PENDING = ("waiting", "queued", "offered", "incident", "suspended")
_WAIT_COLUMNS = {
    table.name: (table.c.case, table.c.token, table.c.process, table.c.element)
    for table in (t.user_task, t.job, t.subscription)
}
_WAITING = {
    "user_task": sa.select(*_WAIT_COLUMNS["user_task"]).where(t.user_task.c.status == "open"),
    "timer": sa.select(*_WAIT_COLUMNS["job"]).where(t.job.c.kind == "timer", t.job.c.status.in_(_PENDING)),
    "job": sa.select(*_WAIT_COLUMNS["job"]).where(t.job.c.kind != "timer", t.job.c.status.in_(_PENDING)),
    **{
        kind: sa.select(*_WAIT_COLUMNS["subscription"]).where(t.subscription.c.kind == kind)
        for kind in ("message", "signal", "conditional")
    },
}
_CASES = (
    sa.select(*CASE_COLUMNS, t.case_state.c.state)
    .select_from(t.case.join(t.case_state, t.case_state.c.case == t.case.c.key))
    .order_by(t.case.c.key)
)
_ACTIVITIES = sa.select(t.activity.c.case, t.activity.c.token).where(t.activity.c.left_at.is_(None))
_SCOPES = sa.select(t.variable.c.case, t.variable.c.scope).distinct()
_BODIES = sa.select(t.iteration.c.case, t.iteration.c.body).distinct()
_INSIDE = sa.select(t.iteration_token)
_TASKS = sa.select(
    t.user_task.c.key, t.user_task.c.name, t.user_task.c.role, t.user_task.c.assignee, t.user_task.c.people
).where(t.user_task.c.status == "open")
_FAILED = tuple(
    sa.select(table.c.key).where(table.c.status == "incident") for table in (t.job, t.delivery, t.start_timer)
)
_MEETS = sa.and_(
    t.subscription.c.kind == "message", t.subscription.c.message == t.message.c.name,
    t.subscription.c.correlation == t.message.c.correlation,
    t.subscription.c.case.in_(sa.select(t.case.c.key).where(t.case.c.suspended == 0)),
)  # fmt: skip
_ON_ITS_WAY = sa.exists().where(
    sa.or_(t.delivery.c.message == t.message.c.key, t.delivery.c.subscription == t.subscription.c.key)
)
# A message whose time is over is nobody's, though housekeeping has not seen it yet.
_MISSED = (
    sa.select(t.message.c.key)
    .select_from(t.message.join(t.subscription, _MEETS))
    .where(
        t.message.c.status == "buffered", t.message.c.expires_at > sa.bindparam("now", type_=t.Instant), ~_ON_ITS_WAY
    )
)
# A message that found its receiver sooner than by its delivery leaves that without anything to do.
_IS_NEEDED = sa.or_(
    t.delivery.c.subscription.is_not(None), t.delivery.c.start.is_not(None), t.delivery.c.status == "incident"
)
_LOST_DELIVERIES = sa.select(t.delivery.c.key).where(
    t.delivery.c.message.is_not(None), _IS_NEEDED, ~sa.exists().where(t.message.c.key == t.delivery.c.message)
)
_DEAD_STARTS = (
    sa.select(t.case.c.key)
    .select_from(t.started_by_message.join(t.case, t.case.c.key == t.started_by_message.c.case))
    .where(t.case.c.status != "open")
)
_OPEN_INCIDENTS = sa.select(t.incident.c.job).where(t.incident.c.job.is_not(None), t.incident.c.resolved_at.is_(None))
_JOBS_AND_CASES = t.job.join(t.case, t.case.c.key == t.job.c.case)
_MOVING_JOBS_OF_SUSPENDED = (
    sa.select(t.job.c.key, t.job.c.status)
    .select_from(_JOBS_AND_CASES)
    .where(t.case.c.suspended > 0, t.job.c.status.in_(("waiting", "queued", "offered")))
)
_STILL_JOBS_OF_RUNNING = (
    sa.select(t.job.c.key).select_from(_JOBS_AND_CASES).where(t.case.c.suspended == 0, t.job.c.status == "suspended")
)
_UNEXPLAINED = sa.select(t.case.c.key).where(
    t.case.c.suspended > 0,
    t.case.c.status == "open",
    ~sa.exists().where(
        t.suspension.c.lifted_at.is_(None),
        t.suspension.c.subject.in_((
            sa.literal("case:") + sa.cast(t.case.c.key, sa.Text), sa.literal("process:") + t.case.c.process
        )),
    ),
)  # fmt: skip
_UNHELD = sa.select(t.job.c.key).where(
    t.job.c.worker.is_not(None), t.job.c.status.in_(("waiting", "queued", "incident", "suspended"))
)
_STALE_DRAFTS = sa.select(t.user_task.c.key).where(t.user_task.c.status != "open", t.user_task.c.draft.is_not(None))
