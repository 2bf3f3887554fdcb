"""How the installation is: its nodes, what waits for them, how late they are, and what needs somebody's attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.errors import Text
from engine.queries.calendars import calendars
from engine.runtime import Runtime
from engine.store import nodes
from engine.store import tables as t
from engine.store.jobs import QUEUED, WAITING
from engine.store.nodes import NodeRow
from engine.store.scope import open_to_all
from engine.store.transaction import Transaction

SEEN_WITHIN = timedelta(seconds=10)
LATE_AFTER = timedelta(minutes=1)
CLOCKS_WITHIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Node:
    """One process: what it does, which version it runs, and whether it was seen lately."""

    id: str
    role: str
    version: str
    started_at: datetime
    seen_at: datetime
    alive: bool


@dataclass(frozen=True, slots=True)
class Queues:
    """Jobs by how far they are: armed for later, due, handed over and not begun, being run, failed for good."""

    waiting: int
    due: int
    queued: int
    running: int
    failed: int


@dataclass(frozen=True, slots=True)
class Status:
    """Figures of the whole installation, without a case or a person in them; times are Shanghai time."""

    version: str
    me: str
    at: datetime
    nodes: tuple[Node, ...]
    queues: Queues
    timers_waiting: int
    timers_due: int
    oldest_due: datetime | None
    lag_seconds: float
    incidents_open: int
    oldest_incident: datetime | None
    cases_open: int
    database: str
    database_bytes: int
    provisional_due_times: int
    attention: tuple[Text, ...]
    notes: tuple[Text, ...]


def status(runtime: Runtime, transaction: Transaction) -> Status:
    """Return how the installation is at this moment."""
    found = _nodes(transaction)
    timers = _timers(transaction)
    oldest_due, late_since = _oldest(transaction, _OLDEST_SHOWN), _oldest(transaction, _OLDEST)
    # How far behind the worker is tells of no case, and must be noticed whichever case it is.
    lag = max(timedelta(), transaction.now - late_since) if late_since else timedelta()
    incidents, oldest_incident = tuple(transaction.execute(_INCIDENTS).one())
    provisional = calendars(runtime, transaction).provisional_due_times
    attention = (*_about_nodes(found), *_about_work(lag, incidents, provisional))
    return Status(
        version=runtime.settings.application_version,
        me=runtime.settings.node,
        at=transaction.now,
        nodes=found,
        queues=_queues(transaction, incidents_of_jobs=_count(transaction, _FAILED)),
        timers_waiting=timers[0],
        timers_due=timers[1],
        oldest_due=oldest_due,
        lag_seconds=lag.total_seconds(),
        incidents_open=int(incidents),
        oldest_incident=oldest_incident,
        cases_open=_count(transaction, _CASES),
        database="PostgreSQL" if transaction.postgresql else "SQLite",
        database_bytes=_count(transaction, _SIZE_POSTGRESQL if transaction.postgresql else _SIZE_SQLITE),
        provisional_due_times=provisional,
        attention=(*attention, *_about_clocks(transaction)),
        notes=_notes(runtime, transaction, found),
    )


def _nodes(transaction: Transaction) -> tuple[Node, ...]:
    return tuple(_node(row, transaction.wall) for row in nodes.known(transaction))


def _node(row: NodeRow, wall: datetime) -> Node:
    alive = wall - row.seen_at <= SEEN_WITHIN
    return Node(row.id, row.role or "", row.version, row.started_at, row.seen_at, alive)


def _queues(transaction: Transaction, incidents_of_jobs: int) -> Queues:
    due = _count(transaction, _DUE_JOBS, now=transaction.now)
    handed_over = _count(transaction, _QUEUED_JOBS)
    running = min(handed_over, _running(transaction))
    waiting = _count(transaction, _WAITING_JOBS) - due
    return Queues(waiting, due, handed_over - running, running, incidents_of_jobs)


def _running(transaction: Transaction) -> int:
    """Return how many jobs DBOS runs; it keeps its tables in the same database once a worker has been here."""
    schema = "dbos" if transaction.postgresql else None
    if not sa.inspect(transaction.connection).has_table("workflow_status", schema=schema):
        return 0
    table = sa.table("workflow_status", sa.column("status"), schema=schema)
    return _count(transaction, sa.select(sa.func.count()).select_from(table).where(table.c.status == "PENDING"))


def _timers(transaction: Transaction) -> tuple[int, int]:
    waiting = _count(transaction, _WAITING_TIMERS) + _count(transaction, _WAITING_STARTS)
    due = _count(transaction, _DUE_TIMERS, now=transaction.now) + _count(transaction, _DUE_STARTS, now=transaction.now)
    return waiting - due, due


def _oldest(transaction: Transaction, queries: Sequence[sa.Select[Any]]) -> datetime | None:
    found = [transaction.execute(query, {"now": transaction.now}).scalar_one() for query in queries]
    return min((moment for moment in found if moment is not None), default=None)


def _count(transaction: Transaction, query: sa.Select[Any] | sa.TextClause, **given: Any) -> int:
    return int(transaction.execute(query, given).scalar_one())


def _about_nodes(found: tuple[Node, ...]) -> list[Text]:
    lost = [node for node in found if not node.alive]
    sentences = [
        Text(
            f"节点 {node.id} 自 {node.seen_at:%Y-%m-%d %H:%M:%S} 起没有消息,请检查该机器或重新启动程序。",
            f"Node {node.id} was last seen at {node.seen_at:%Y-%m-%d %H:%M:%S}; look at its machine or start it again.",
        )
        for node in lost
    ]
    if not any(node.alive and "worker" in node.role for node in found):
        sentences.append(_NO_WORKER)
    return sentences


def _about_work(lag: timedelta, incidents: int, provisional: int) -> list[Text]:
    sentences = []
    if lag > LATE_AFTER:
        sentences.append(_late(lag))
    if incidents:
        sentences.append(
            Text(
                f"有 {incidents} 个故障没有处理,请到“故障”页面处理。",
                f"Open incidents: {incidents}; see the page of incidents.",
            )
        )
    if provisional:
        sentences.append(
            Text(
                f"有 {provisional} 个期限按尚未公布的年份推算,请在“工作日历”录入该年份。",
                f"Due times counted in a year not announced yet: {provisional}; enter the year in the calendar.",
            )
        )
    return sentences


def _late(lag: timedelta) -> Text:
    seconds = round(lag.total_seconds())
    return Text(
        f"到期的事项最久已晚 {seconds} 秒没有办理,请检查后台任务节点是否够用。",
        f"What is due has waited up to {seconds} s; check that enough workers run.",
    )


def _about_clocks(transaction: Transaction) -> list[Text]:
    if not transaction.postgresql:
        return []
    there = transaction.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
    apart = abs(there - transaction.wall)
    if apart <= CLOCKS_WITHIN:
        return []
    seconds = round(apart.total_seconds())
    return [
        Text(
            f"本机与数据库服务器的时钟相差 {seconds} 秒,请启用时间同步(NTP)。",
            f"The clocks of this machine and of the database differ by {seconds} s; let NTP set them.",
        )
    ]


def _notes(runtime: Runtime, transaction: Transaction, found: tuple[Node, ...]) -> tuple[Text, ...]:
    notes = []
    versions = sorted({node.version for node in found if node.alive})
    if len(versions) > 1:
        listed = ", ".join(versions)
        notes.append(Text(f"多个版本同时运行:{listed}。", f"Several versions run side by side: {listed}."))
    ahead = transaction.now - transaction.wall
    if runtime.settings.demo and abs(ahead) > CLOCKS_WITHIN:
        notes.append(_moved(ahead))
    return tuple(notes)


def _moved(ahead: timedelta) -> Text:
    fast = ahead > timedelta()
    zh, en = _spoken(abs(ahead))
    return Text(
        f"演示时钟比实际时间{'快' if fast else '慢'} {zh}。",
        f"The demo's clock is {en} {'ahead of' if fast else 'behind'} the real time.",
    )


def _spoken(span: timedelta) -> tuple[str, str]:
    """Return a length of time as people say it, in Chinese and English: its two largest units that are not zero."""
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = [(days, "天", "day"), (hours, "小时", "hour"), (minutes, "分钟", "minute"), (seconds, "秒", "second")]
    said = [unit for unit in units if unit[0]][:2]
    zh = " ".join(f"{count} {word}" for count, word, _en in said)
    en = " ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, _zh, word in said)
    return zh, en


_NO_WORKER = Text(
    "没有正在运行的后台任务节点,到期的事项和外部请求都在等待。请启动 doudi serve 或 doudi work。",
    "No worker is alive, so what is due and requests to others wait; start `doudi serve` or `doudi work`.",
)

_now = sa.bindparam("now", type_=t.Instant)
_j, _s, _i = t.job.c, t.start_timer.c, t.incident.c
_COUNT_JOBS = sa.select(sa.func.count()).select_from(t.job).where(open_to_all(t.job.c))
_WAITING_JOBS = _COUNT_JOBS.where(_j.status == WAITING)
_DUE_JOBS = _COUNT_JOBS.where(_j.status == WAITING, _j.due_at <= _now)
_QUEUED_JOBS = _COUNT_JOBS.where(_j.status == QUEUED)
_WAITING_TIMERS = _WAITING_JOBS.where(_j.kind == "timer")
_DUE_TIMERS = _DUE_JOBS.where(_j.kind == "timer")
_WAITING_STARTS = sa.select(sa.func.count()).where(_s.status == "waiting")
_DUE_STARTS = _WAITING_STARTS.where(_s.due_at <= _now)
_OLDEST_JOBS = [
    sa.select(sa.func.min(_j.due_at)).where(_j.status == status, _j.due_at <= _now) for status in (WAITING, QUEUED)
]
_OLDEST_START = sa.select(sa.func.min(_s.due_at)).where(_s.status == "waiting", _s.due_at <= _now)
_OLDEST = (*_OLDEST_JOBS, _OLDEST_START)
_OLDEST_SHOWN = (*(query.where(open_to_all(_j)) for query in _OLDEST_JOBS), _OLDEST_START)
_INCIDENTS = sa.select(sa.func.count(), sa.func.min(_i.opened_at)).where(
    _i.resolved_at.is_(None), open_to_all(t.incident.c)
)
_FAILED = sa.select(sa.func.count()).where(_i.resolved_at.is_(None), _i.job.is_not(None), open_to_all(t.incident.c))
_CASES = sa.select(sa.func.count()).where(t.case.c.status == "open", open_to_all(t.case.c))
_SIZE_POSTGRESQL = sa.text("SELECT pg_database_size(current_database())")
_SIZE_SQLITE = sa.text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
