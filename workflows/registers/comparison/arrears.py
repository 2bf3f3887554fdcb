"""Money of other months: since when somebody is owed whose subsidy was stopped while the card was renewed."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from engine.clock import add_months
from engine.store.transaction import Transaction
from workflows.registers.comparison.findings import Finding
from workflows.registers.tables import roster, roster_event

# A subsidy stopped for one of these is paid back once the card is renewed.
CARD_REASONS = ("card_expired", "renewal_overdue")


def since(transaction: Transaction, finding: Finding, month: date, most: int) -> date | None:
    """Return from when a subsidy is paid back that was stopped while its card was being renewed.

    At most so many months before ``month``; None where no subsidy of the finding was stopped for that.
    """
    if finding.queue != "missed" or finding.resident is None:
        return None
    stopped = (
        sa.select(sa.func.max(roster.c.until))
        .join(roster_event, roster_event.c.entry == roster.c.key)
        .where(
            roster.c.holder == finding.resident,
            roster.c.benefit.in_([benefit for benefit, _ in finding.reasons]),
            roster.c.state == "stopped",
            roster_event.c.kind == "stopped",
            roster_event.c.reason.in_(CARD_REASONS),
        )
    )
    ended: date | None = transaction.execute(stopped).scalar()
    return None if ended is None else max(ended, add_months(month, -most))
