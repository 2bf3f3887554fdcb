"""Townships whose paperwork after act-first relief is overdue: their new cases go to the county."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.transaction import Transaction
from engine.store.upsert import replacing
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import overdue_paperwork


def is_blocked(transaction: Transaction, region: str) -> bool:
    """Return whether any case of the township has overdue paperwork."""
    return bool(transaction.execute(_BLOCKED, {"in_region": region}).scalar())


def mark(transaction: Transaction, case: CaseRef) -> None:
    """Note that the case's paperwork is overdue; a mark that was lifted counts again."""
    row = {"region": case.region, "case": case.key, "since": transaction.now, "settled_at": None}
    _MARK.run(transaction, [row])


def unmark(transaction: Transaction, case: CaseRef) -> None:
    """Note that the case's paperwork is done; nothing happens where it was never overdue."""
    names = {"in_region": case.region, "of_case": case.key, "moment": transaction.now}
    transaction.execute(_SETTLE, names)


_MARK = replacing(overdue_paperwork, "settled_at")
_BLOCKED = sa.select(
    sa.exists().where(overdue_paperwork.c.region == sa.bindparam("in_region"), overdue_paperwork.c.settled_at.is_(None))
)
_SETTLE = (
    overdue_paperwork.update()
    .where(
        overdue_paperwork.c.region == sa.bindparam("in_region"),
        overdue_paperwork.c.case == sa.bindparam("of_case"),
        overdue_paperwork.c.settled_at.is_(None),
    )
    .values(settled_at=sa.bindparam("moment", type_=overdue_paperwork.c.settled_at.type))
)
