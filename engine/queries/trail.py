"""Who did what to a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_case
from engine.runtime.visibility import may_with_case
from engine.store import cases
from engine.store import tables as t
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One audited act."""

    sequence: int
    at: datetime
    business_at: datetime
    name: str
    address: str
    action: str
    subject: str
    result: str


def trail(runtime: Runtime, transaction: Transaction, actor: Actor, case: int) -> tuple[TrailRow, ...]:
    """Return every audited act on the case, oldest first. Raises NotFound when there is none for this person."""
    row = cases.find(transaction, case)
    if row is None or not may_with_case(runtime, transaction, actor, "see_case", row):
        raise unknown_case()
    return tuple(transaction.every(TrailRow, _TRAIL, {"chain_": f"case:{case}"}))


def openings(runtime: Runtime, transaction: Transaction, actor: Actor, case: int) -> tuple[TrailRow, ...]:
    """Return who looked into a restricted case, the latest first. Raises NotFound when there is none for this person."""
    row = cases.find(transaction, case)
    if row is None or not may_with_case(runtime, transaction, actor, "see_case", row):
        raise unknown_case()
    return tuple(reversed(transaction.every(TrailRow, _TRAIL, {"chain_": f"openings:{case}"})))


_t = t.audit.c
_TRAIL = (
    sa.select(_t.sequence, _t.at, _t.business_at, _t.name, _t.address, _t.action, _t.subject, _t.result)
    .where(_t.chain == sa.bindparam("chain_"))
    .order_by(_t.sequence)
)
