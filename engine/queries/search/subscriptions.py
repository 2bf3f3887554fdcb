"""What process instances wait for by messages, as programs list it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import Subject, may, scope
from engine.model import Actor
from engine.queries.message_traffic import masked
from engine.queries.search.criteria import Column, Columns, Criteria, Found
from engine.queries.search.statement import search
from engine.runtime import Runtime
from engine.store import tables as t
from engine.store.scope import in_scope
from engine.store.subscriptions import key_place
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """One token that waits; ``correlation`` is its key for those who may reveal what the region's cases hold."""

    key: int
    case: int
    number: str
    definition: int
    process: str
    process_name: str
    version: int
    element: str
    activity: int | None
    message: str
    since: datetime
    correlation: str | None


def search_subscriptions(
    runtime: Runtime, transaction: Transaction, actor: Actor, criteria: Criteria
) -> Found[SubscriptionLine]:
    """Return what waits for messages within reach of who sees incidents there, as on the page of messages."""
    roles = runtime.published(transaction).roles

    def line(row: Any) -> SubscriptionLine:
        shown = None
        if may(roles, actor, "reveal", Subject(row.region)):
            sealed = row.shown_key
            shown = masked(runtime.keyring.open(sealed, key_place(row.key)).decode()) if sealed is not None else ""
        return SubscriptionLine(*(*tuple(row)[: len(SubscriptionLine.__slots__) - 1], shown))

    select = _SELECT.where(in_scope(_s, scope(roles, actor, "see_incident")))
    return search(transaction, select, COLUMNS, _s.key, criteria, line)


_s, _c, _d, _a = t.subscription.c, t.case.c, t.definition.c, t.activity.c
_ACTIVITY = sa.select(sa.func.max(_a.key)).where(_a.case == _s.case, _a.token == _s.token).scalar_subquery()
# A row from before the moment was kept began with its case at the earliest.
_SINCE = sa.func.coalesce(_s.since, _c.started_at, type_=t.Instant)
_SELECT = (
    sa.select(
        _s.key, _s.case, _c.number, _c.definition, _s.process, _d.name, _d.version, _s.element,
        _ACTIVITY.label("activity"), _s.message, _SINCE.label("since_"), _s.region, _s.shown_key,
    )
    .select_from(t.subscription.join(t.case, _c.key == _s.case).join(t.definition, _d.key == _c.definition))
    .where(_s.kind == "message")
)  # fmt: skip

COLUMNS: Columns = {
    "message_subscription_key": Column("key", _s.key),
    "message_name": Column("text", _s.message),
    "message_subscription_state": Column("choice", sa.literal("CREATED"), {"CREATED": "CREATED"}, sortable=False),
    "business_id": Column("text", _c.number),
    "process_instance_key": Column("key", _s.case),
    "process_definition_id": Column("text", _s.process),
    "process_definition_key": Column("key", _c.definition),
    "process_definition_name": Column("text", _d.name),
    "process_definition_version": Column("number", _d.version),
    "element_id": Column("text", _s.element),
    "last_updated_date": Column("moment", _SINCE),
}
