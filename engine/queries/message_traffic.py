"""Which messages wait for a case, which cases wait for a message, and which of them nobody took."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import Subject, may, scope
from engine.model import Actor
from engine.queries.page import MOST, Page, read_mark, write_mark
from engine.runtime import Runtime
from engine.store import messages
from engine.store import tables as t
from engine.store.scope import in_scope, within
from engine.store.subscriptions import key_place
from engine.store.transaction import Transaction

WAITING = "waiting"
STATES = (WAITING, messages.BUFFERED, messages.EXPIRED, messages.INCIDENT)
# A number to look at, not to count with: nobody needs to know how many more there are.
MOST_COUNTED = 10_000
_CASE_NUMBER = re.compile(r"\d{9,12}-\d\d-\d{5,}")
_SHORT, _SHOWN = 8, 4


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message with the case that threw it, or a case with the message it waits for; values are never shown.

    ``correlation`` is the key, long ones masked, for those who may reveal what the region's cases hold, else None; ``until`` is when the
    message ends, None for a case that waits.
    """

    key: int
    name: str
    region: str
    correlation: str | None
    case: int | None
    number: str | None
    process: str | None
    element_name: str | None
    sender: str
    since: datetime | None
    until: datetime | None


def message_traffic(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    state: str,
    name: str = "",
    region: str = "",
    after: str | None = None,
    limit: int = 50,
) -> Page[MessageLine]:
    """Return the lines of one of the states within the actor's reach, newest first; ``region`` is a prefix."""
    source = _SUBSCRIPTIONS if state == WAITING else _MESSAGES.where(t.message.c.status == state)
    table = t.subscription.c if state == WAITING else t.message.c
    named = t.subscription.c.message if state == WAITING else t.message.c.name
    where = [in_scope(table, scope(runtime.published(transaction).roles, actor, "see_incident"))]
    if name:
        where.append(named == name)
    if region.isdecimal():
        where.append(within(table.region, region))
    total = _counted(transaction, source.where(*where))
    mark = read_mark(after, 1)
    if mark is not None:
        where.append(table.key < mark[0])
    size = min(limit, MOST)
    rows = transaction.execute(source.where(*where).order_by(table.key.desc()).limit(size + 1)).all()
    lines = tuple(_line(runtime, transaction, actor, state, row) for row in rows[:size])
    return Page(lines, total, write_mark(lines[-1].key) if len(rows) > size else None)


def counted_by_state(runtime: Runtime, transaction: Transaction, actor: Actor) -> Mapping[str, int]:
    """Return how many lines each state has within the actor's reach, up to 10,000."""
    reach = scope(runtime.published(transaction).roles, actor, "see_incident")
    found = {WAITING: _counted(transaction, _SUBSCRIPTIONS.where(in_scope(t.subscription.c, reach)))}
    for state in STATES[1:]:
        query = _MESSAGES.where(t.message.c.status == state, in_scope(t.message.c, reach))
        found[state] = _counted(transaction, query)
    return found


def _counted(transaction: Transaction, source: sa.Select[Any]) -> int:
    some = source.limit(MOST_COUNTED).subquery()
    return int(transaction.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def _line(runtime: Runtime, transaction: Transaction, actor: Actor, state: str, row: Any) -> MessageLine:
    shown = may(runtime.published(transaction).roles, actor, "reveal", Subject(row.region))
    node = None
    if row.definition is not None and row.element is not None:
        node = runtime.definition(transaction, row.definition).nodes.get((row.process, row.element))
    correlation = masked(_correlation(runtime, transaction, state, row)) if shown else None
    return MessageLine(
        row.key, row.name, row.region, correlation, row.case,
        row.number, row.process, node.name if node else row.element, row.sender, row.since, row.until,
    )  # fmt: skip


def masked(key: str) -> str:
    """Return a correlation key; of one that may be an identity or telephone number only its end."""
    return key if len(key) < _SHORT or _CASE_NUMBER.fullmatch(key) else f"…{key[-_SHOWN:]}"


def _correlation(runtime: Runtime, transaction: Transaction, state: str, row: Any) -> str:
    if state == WAITING:
        return runtime.keyring.open(row.sealed, key_place(row.key)).decode() if row.sealed is not None else ""
    kept = messages.find(transaction, row.key)
    return "" if kept is None else messages.open_payload(runtime.keyring, kept)[0]


_s, _m, _c = t.subscription.c, t.message.c, t.case.c
_SUBSCRIPTIONS = (
    sa.select(
        _s.key, _s.message.label("name"), _s.region, _s.shown_key.label("sealed"), _s.case, _c.number, _c.definition,
        _s.process, _s.element, sa.literal("").label("sender"), _s.since,
        sa.literal(None, type_=t.Instant).label("until"),
    )
    .select_from(t.subscription.join(t.case, _c.key == _s.case))
    .where(_s.kind == messages.MESSAGE)
)  # fmt: skip
_MESSAGES = (
    sa.select(
        _m.key, _m.name, _m.region, sa.literal(None).label("sealed"), _m.case, _c.number, _c.definition, _m.process,
        _m.element, _m.published_by.label("sender"), _m.published_at.label("since"), _m.expires_at.label("until"),
    )
    .select_from(t.message.outerjoin(t.case, _c.key == _m.case))
    .where(_m.kind == messages.MESSAGE)
)  # fmt: skip
