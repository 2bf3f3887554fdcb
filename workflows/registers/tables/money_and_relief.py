"""The ledger, the reserve funds, payments and temporary relief."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tables import Instant, Key
from workflows.registers.tables.shape import metadata

FUND = "reserve_fund"
CLEARING = "clearing"

_amount = Key


def _region() -> sa.Column[str]:
    return sa.Column("region", sa.Text, primary_key=True)


ledger_account = sa.Table(
    "ledger_account", metadata,
    _region(), sa.Column("kind", sa.Text, primary_key=True), sa.Column("balance", _amount, nullable=False),
    # The last line of defence: whatever code does, the database refuses to overdraw what holds money.
    sa.CheckConstraint(f"kind NOT IN ('{FUND}', '{CLEARING}') OR balance >= 0", name="never_overdrawn"),
    sqlite_with_rowid=False,
)  # fmt: skip

# One row is one transfer from account to account, so the ledger balances by its shape; a trigger keeps it append-only.
ledger_transfer = sa.Table(
    "ledger_transfer", metadata,
    sa.Column("key", Key, primary_key=True, autoincrement=False),
    sa.Column("region", sa.Text, nullable=False), sa.Column("case", Key, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("source_region", sa.Text, nullable=False), sa.Column("source_kind", sa.Text, nullable=False),
    sa.Column("target_region", sa.Text, nullable=False), sa.Column("target_kind", sa.Text, nullable=False),
    sa.Column("amount", _amount, nullable=False), sa.Column("at", Instant, nullable=False),
    sa.Column("number", sa.Text, nullable=False), sa.Column("kind", sa.Text, nullable=False),
    sa.UniqueConstraint("region", "case", "purpose"),
    sa.CheckConstraint("amount > 0", name="above_zero"),
    sa.CheckConstraint("source_region <> target_region OR source_kind <> target_kind", name="two_accounts"),
    sa.Index("ix_ledger_transfer_source", "source_region", "source_kind", "at"),
    sa.Index("ix_ledger_transfer_target", "target_region", "target_kind", "at"),
)  # fmt: skip

fund = sa.Table(
    "fund", metadata,
    _region(), sa.Column("last_allocation", _amount, nullable=False),
    sa.Column("allocated_at", Instant, nullable=False), sa.Column("refill_asked_at", Instant), sqlite_with_rowid=False,
)  # fmt: skip

fund_statement = sa.Table(
    "fund_statement", metadata,
    _region(), sa.Column("month", sa.Text, primary_key=True), sa.Column("case", Key, nullable=False),
    sa.Column("opening", _amount, nullable=False), sa.Column("allocated", _amount, nullable=False),
    sa.Column("paid_out", _amount, nullable=False), sa.Column("returned", _amount, nullable=False),
    sa.Column("closing", _amount, nullable=False), sa.Column("signers", sa.Text, nullable=False),
    sa.Column("filed_at", Instant, nullable=False),
    sa.CheckConstraint("closing = opening + allocated - paid_out + returned", name="adds_up"),
    sqlite_with_rowid=False,
)  # fmt: skip

payment = sa.Table(
    "payment", metadata,
    sa.Column("key", Key, primary_key=True, autoincrement=False),
    sa.Column("region", sa.Text, nullable=False), sa.Column("case", Key, nullable=False),
    sa.Column("number", sa.Text, nullable=False), sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False), sa.Column("fund_region", sa.Text, nullable=False),
    sa.Column("amount", _amount, nullable=False), sa.Column("recovered", _amount, nullable=False),
    sa.Column("way", sa.Text, nullable=False), sa.Column("status", sa.Text, nullable=False),
    sa.Column("booked_at", Instant, nullable=False), sa.Column("instructed_at", Instant),
    sa.Column("confirmed_at", Instant), sa.Column("reversed_at", Instant),
    sa.UniqueConstraint("region", "case", "purpose", "attempt"),
    sa.CheckConstraint("amount > 0", name="above_zero"),
    sa.CheckConstraint("recovered BETWEEN 0 AND amount", name="recovered_within"),
    sa.CheckConstraint("status IN ('booked', 'instructed', 'confirmed', 'reversed')", name="known_status"),
)  # fmt: skip
_LIVE = payment.c.status != "reversed"
sa.Index(
    "uq_payment_live", payment.c.region, payment.c.case, payment.c.purpose, unique=True,
    sqlite_where=_LIVE, postgresql_where=_LIVE,
)  # fmt: skip

# Emergencies are looked up where they happened, not where people live: these blind indexes span the whole city.
temp_case = sa.Table(
    "temp_case", metadata,
    _region(), sa.Column("case", Key, primary_key=True), sa.Column("number", sa.Text, nullable=False),
    sa.Column("person", sa.LargeBinary), sa.Column("phone", sa.LargeBinary), sa.Column("address", sa.LargeBinary),
    sa.Column("provisional_person", sa.Boolean, nullable=False), sa.Column("applicant", sa.LargeBinary, nullable=False),
    sa.Column("cause", sa.Text, nullable=False), sa.Column("track", sa.Text), sa.Column("persons", sa.Integer),
    sa.Column("requested", _amount), sa.Column("registered_at", Instant, nullable=False),
    sa.Column("outcome", sa.Text), sa.Column("amount", _amount), sa.Column("settled_at", Instant),
    sa.Index("ix_temp_case_person", "person", "registered_at"),
    sa.Index("ix_temp_case_phone", "phone", "registered_at"),
    sa.Index("ix_temp_case_address", "address", "registered_at"),
    sqlite_with_rowid=False,
)  # fmt: skip

monitored_person = sa.Table(
    "monitored_person", metadata,
    _region(), sa.Column("person", sa.LargeBinary, primary_key=True), sa.Column("group", sa.Text, nullable=False),
    sa.Column("since", sa.Date, nullable=False), sa.Column("until", sa.Date),
    sa.Index("ix_monitored_person_person", "person"),
    sqlite_with_rowid=False,
)  # fmt: skip

delegation = sa.Table(
    "delegation", metadata,
    _region(), sa.Column("item", sa.Text, primary_key=True), sa.Column("since", sa.Date, primary_key=True),
    sa.Column("until", sa.Date), sa.Column("limit", _amount, nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    # A record that gives without a limit, and one that says the county decides again from that day on.
    sa.Column("unlimited", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("recorded_by", sa.Text, nullable=False, server_default=""), sa.Column("recorded_at", Instant),
    sa.CheckConstraint('"limit" >= 0', name="not_negative"), sqlite_with_rowid=False,
)  # fmt: skip

overdue_paperwork = sa.Table(
    "overdue_paperwork", metadata,
    _region(), sa.Column("case", Key, primary_key=True), sa.Column("since", Instant, nullable=False),
    sa.Column("settled_at", Instant), sqlite_with_rowid=False,
)  # fmt: skip

recovery = sa.Table(
    "recovery", metadata,
    _region(), sa.Column("case", Key, primary_key=True), sa.Column("number", sa.Text, nullable=False),
    sa.Column("payment", Key, nullable=False), sa.Column("due", _amount, nullable=False),
    sa.Column("standing", sa.Text, nullable=False), sa.Column("noted_at", Instant, nullable=False),
    sa.Column("entry", Key), sa.Column("cause", sa.Text), sa.Column("fine", _amount),
    sa.CheckConstraint("due > 0", name="above_zero"), sqlite_with_rowid=False,
)  # fmt: skip

# What came back of a claim, receipt by receipt: money, or a part of a later month that was not paid out.
recovery_receipt = sa.Table(
    "recovery_receipt", metadata,
    sa.Column("case", Key, primary_key=True, autoincrement=False), sa.Column("receipt", sa.Text, primary_key=True),
    sa.Column("region", sa.Text, nullable=False), sa.Column("way", sa.Text, nullable=False),
    sa.Column("amount", _amount, nullable=False), sa.Column("at", Instant, nullable=False),
    sa.CheckConstraint("amount > 0", name="above_zero"),
    sa.CheckConstraint("way IN ('refund', 'netting', 'fine')", name="known_way"), sqlite_with_rowid=False,
)  # fmt: skip

# Whoever took money by fraud; kept with the decision, told to nobody without a case.
credit_record = sa.Table(
    "credit_record", metadata,
    _region(), sa.Column("case", Key, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Text, nullable=False), sa.Column("person", sa.LargeBinary),
    sa.Column("amount", _amount, nullable=False), sa.Column("fine", _amount, nullable=False),
    sa.Column("noted_at", Instant, nullable=False), sa.Index("ix_credit_record_person", "person"),
    sqlite_with_rowid=False,
)  # fmt: skip

duty_roster = sa.Table(
    "duty_roster", metadata,
    _region(), sa.Column("name", sa.Text, nullable=False), sa.Column("phone", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip
