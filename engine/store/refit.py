"""Makes the rows that show a case to the outside say what its tokens say, after it was moved to another version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from engine.model import OpenedTask
from engine.store import tables as t
from engine.store.people import write_grants
from engine.store.transaction import Transaction
from engine.store.user_tasks import Offer, offer_rows
from engine.store.values import pack

_PENDING = ("waiting", "queued", "offered", "incident", "suspended")
OfferOf = Callable[[OpenedTask], Offer]
_EVENTS = ("message", "signal", "conditional")


class StandingToken(Protocol):
    """Where a token stands, and what it waits for."""

    @property
    def process(self) -> str:
        """Return the process it is in."""

    @property
    def element(self) -> str:
        """Return the element it stands on."""

    @property
    def name(self) -> str:
        """Return the element's name."""

    @property
    def kind(self) -> str | None:
        """Return how it has to be moved from outside, None when it does not wait for that."""

    @property
    def awaits(self) -> str | None:
        """Return the name of the message or signal, or the text of the condition, it waits for."""

    @property
    def key(self) -> str | None:
        """Return the text of the expression that makes the correlation key of its message."""


@dataclass(frozen=True, slots=True)
class Refitted:
    """What has no row yet, by token; and the jobs of the timers that have one."""

    missing: tuple[int, ...]
    timers: Mapping[int, int]


def refit(
    transaction: Transaction,
    case: int,
    before: Mapping[int, StandingToken],
    standing: Mapping[int, StandingToken],
    tasks: Iterable[OpenedTask],
    offer_of: OfferOf,
) -> Refitted:
    """Rewrite the rows of what still waits, close those of what does not, and return what has none.

    Claims, drafts, due times, tries and correlation keys stay; a subscription for another name, or whose key is made
    otherwise than it was ``before``, is dropped.
    """
    _refit_tasks(transaction, case, tasks, offer_of)
    waiting = _refit_jobs(transaction, case, standing)
    subscribed = _refit_subscriptions(transaction, case, before, standing)
    _refit_activities(transaction, case, standing)
    events = [token for token, one in standing.items() if one.kind == "timer" or one.kind in _EVENTS]
    missing = tuple(token for token in events if token not in waiting and token not in subscribed)
    return Refitted(missing, {token: key for token, key in waiting.items() if standing[token].kind == "timer"})


def _refit_tasks(transaction: Transaction, case: int, tasks: Iterable[OpenedTask], offer_of: OfferOf) -> None:
    offers = [(task, offer_of(task)) for task in tasks]
    rows = [
        {
            "case_": case, "token_": task.token, "region": offer.region, "process": task.process,
            "element": task.element, "name": task.name, "form": task.form, "priority": task.priority,
            "role": offer.role, "people": " ".join(map(str, offer.people)), "others": write_grants(offer.others),
            "properties": pack(dict(task.properties)),
        }
        for task, offer in offers
    ]  # fmt: skip
    if rows:
        transaction.execute(_TASK, rows)
        _refit_offers(transaction, case, {task.token: offer for task, offer in offers})


def _refit_offers(transaction: Transaction, case: int, offers: Mapping[int, Offer]) -> None:
    keys = {row.token: row.key for row in transaction.execute(_OPEN_TASKS, {"case_": case})}
    transaction.execute(_DROP_OFFERS, {"case_": case})
    again = [row for token, offer in offers.items() if token in keys for row in offer_rows(keys[token], offer)]
    transaction.insert(t.task_offer, again)


def _refit_jobs(transaction: Transaction, case: int, standing: Mapping[int, StandingToken]) -> dict[int, int]:
    kept: dict[int, int] = {}
    moved: list[dict[str, Any]] = []
    cancelled: list[dict[str, Any]] = []
    for row in transaction.execute(_JOBS, {"case_": case}):
        token = standing.get(row.token)
        if token is None or token.kind != ("timer" if row.kind == "timer" else "job"):
            cancelled.append({"key_": row.key})
            continue
        kept[row.token] = row.key
        if (row.process, row.element) != (token.process, token.element):
            moved.append({"key_": row.key, "process": token.process, "element": token.element})
    if moved:
        transaction.execute(_MOVE_JOB, moved)
    if cancelled:
        transaction.execute(_CANCEL_JOB, cancelled)
        transaction.execute(_RESOLVE, [row | {"at": transaction.now} for row in cancelled])
    return kept


def _refit_subscriptions(
    transaction: Transaction, case: int, before: Mapping[int, StandingToken], standing: Mapping[int, StandingToken]
) -> set[int]:
    kept: set[int] = set()
    moved: list[dict[str, Any]] = []
    dropped: list[dict[str, Any]] = []
    for row in transaction.execute(_SUBSCRIPTIONS, {"case_": case}):
        token, was = standing.get(row.token), before.get(row.token)
        same_key = token is not None and was is not None and token.key == was.key
        if token is None or token.kind not in _EVENTS or token.awaits != row.message or not same_key:
            dropped.append({"key_": row.key})
            continue
        kept.add(row.token)
        if (row.process, row.element) != (token.process, token.element):
            moved.append({"key_": row.key, "process": token.process, "element": token.element})
    if moved:
        transaction.execute(_MOVE_SUBSCRIPTION, moved)
    if dropped:
        transaction.execute(_DROP_SUBSCRIPTION, dropped)
    return kept


def _refit_activities(transaction: Transaction, case: int, standing: Mapping[int, StandingToken]) -> None:
    moved: list[dict[str, Any]] = []
    ended: list[dict[str, Any]] = []
    for row in transaction.execute(_ACTIVITIES, {"case_": case}):
        token = standing.get(row.token)
        if token is None:
            ended.append({"key_": row.key, "left_at": transaction.now, "outcome": "cancelled"})
        elif (row.process, row.element, row.name) != (token.process, token.element, token.name):
            names = {"process": token.process, "element": token.element, "name": token.name}
            moved.append({"key_": row.key, **names})
    if moved:
        transaction.execute(_MOVE_ACTIVITY, moved)
    if ended:
        transaction.execute(_END_ACTIVITY, ended)


def _set(table: sa.Table, *names: str) -> sa.Update:
    return (
        table.update().where(table.c.key == sa.bindparam("key_")).values({name: sa.bindparam(name) for name in names})
    )


_u, _j, _s, _a = t.user_task.c, t.job.c, t.subscription.c, t.activity.c
_TASK_COLUMNS = ("region", "process", "element", "name", "form", "priority", "role", "people", "others", "properties")
_TASK = (
    t.user_task
    .update()
    .where(_u.case == sa.bindparam("case_"), _u.token == sa.bindparam("token_"), _u.status == "open")
    .values({name: sa.bindparam(name) for name in _TASK_COLUMNS} | {"revision": _u.revision + 1})
)
_OPEN_TASKS = sa.select(_u.key, _u.token).where(_u.case == sa.bindparam("case_"), _u.status == "open")
_DROP_OFFERS = t.task_offer.delete().where(
    t.task_offer.c.task.in_(sa.select(_u.key).where(_u.case == sa.bindparam("case_"), _u.status == "open"))
)
_JOBS = sa.select(_j.key, _j.token, _j.kind, _j.process, _j.element).where(
    _j.case == sa.bindparam("case_"), _j.status.in_(_PENDING)
)
_MOVE_JOB = _set(t.job, "process", "element")
_CANCEL_JOB = t.job.update().where(_j.key == sa.bindparam("key_")).values(status="cancelled")
_RESOLVE = (
    t.incident
    .update()
    .where(t.incident.c.job == sa.bindparam("key_"), t.incident.c.resolved_at.is_(None))
    .values(resolved_at=sa.bindparam("at"), resolved_by="system")
)
_SUBSCRIPTIONS = sa.select(_s.key, _s.token, _s.process, _s.element, _s.message).where(_s.case == sa.bindparam("case_"))
_MOVE_SUBSCRIPTION = _set(t.subscription, "process", "element")
_DROP_SUBSCRIPTION = t.subscription.delete().where(_s.key == sa.bindparam("key_"))
_ACTIVITIES = sa.select(_a.key, _a.token, _a.process, _a.element, _a.name).where(
    _a.case == sa.bindparam("case_"), _a.left_at.is_(None)
)
_MOVE_ACTIVITY = _set(t.activity, "process", "element", "name")
_END_ACTIVITY = _set(t.activity, "left_at", "outcome")
