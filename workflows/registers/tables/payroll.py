"""Monthly payments: the frozen roster of each month line by line, the files that went to the bank, who confirmed."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tables import Key
from workflows.registers.tables.shape import metadata, moment, one_of, reference, sealed, text

LINE_STATES = ("ready", "held", "dropped", "sent", "paid", "returned", "carried")
BATCH_STATES = ("prepared", "accepted", "rejected", "recalled", "settled")


def _of_month() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("county", sa.Text, primary_key=True),
        sa.Column("benefit", sa.Text, primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
    )


payroll = sa.Table(
    "payroll", metadata,
    *_of_month(), reference("case"), text("number"), moment("frozen_at", False), moment("closed_at"),
    sqlite_with_rowid=False,
)  # fmt: skip

# A line is what is owed for one month, paid in another or the same one; ``part`` counts what was owed for it before.
# ``gates`` is a sum of the numbers in ``workflows.registers.payroll.gates``; held lines wait for a person.
payroll_line = sa.Table(
    "payroll_line", metadata,
    *_of_month(), sa.Column("entry", Key, primary_key=True, autoincrement=False),
    sa.Column("for_month", sa.Date, primary_key=True),
    sa.Column("part", sa.Integer, nullable=False), text("region"), reference("holder"), reference("amount"),
    reference("decision"), sa.Column("gates", sa.Integer, nullable=False), text("state"),
    reference("batch", nullable=True), sa.Column("attempt", sa.Integer, nullable=False),
    text("bank_reason", nullable=True), text("decided_by", nullable=True), text("reason", nullable=True),
    # Of a household's benefit alone.
    reference("household", nullable=True),
    sa.CheckConstraint("amount > 0", name="above_zero"), one_of("state", *LINE_STATES),
    sa.Index("ix_payroll_line_entry", "entry", "for_month"), sa.Index("ix_payroll_line_batch", "batch"),
    sa.Index("ix_payroll_line_holder", "holder", "for_month"),
    sa.Index("ix_payroll_line_household", "household", "for_month"),
    sqlite_with_rowid=False,
)  # fmt: skip
_LIVE = payroll_line.c.state != "carried"
# The last line of defence against paying a month twice, whatever code does: two runs that count the same parts cannot
# both be written, and triggers of the migrations refuse what would go to a person or household a second time, come to
# more than the most any decision set for the month, or undo or change what went.
sa.Index(
    "uq_payroll_line_live", payroll_line.c.entry, payroll_line.c.for_month, payroll_line.c.part, unique=True,
    sqlite_where=_LIVE, postgresql_where=_LIVE,
)  # fmt: skip
_GONE = payroll_line.c.state.in_(("sent", "paid"))
sa.Index(
    "uq_payroll_line_gone", payroll_line.c.benefit, payroll_line.c.holder, payroll_line.c.for_month,
    payroll_line.c.part, unique=True, sqlite_where=_GONE, postgresql_where=_GONE,
)  # fmt: skip
_GONE_OF_HOUSEHOLD = sa.and_(payroll_line.c.household.is_not(None), _GONE)
sa.Index(
    "uq_payroll_line_household", payroll_line.c.benefit, payroll_line.c.household, payroll_line.c.for_month,
    payroll_line.c.part, unique=True, sqlite_where=_GONE_OF_HOUSEHOLD, postgresql_where=_GONE_OF_HOUSEHOLD,
)  # fmt: skip

payroll_batch = sa.Table(
    "payroll_batch", metadata,
    sa.Column("key", Key, primary_key=True, autoincrement=False),
    text("county"), sa.Column("month", sa.Date, nullable=False), reference("case"), text("number"),
    sa.Column("attempt", sa.Integer, nullable=False), sa.Column("lines", sa.Integer, nullable=False),
    reference("total"), reference("returned"), text("digest"), text("state"), text("reference", nullable=True),
    moment("prepared_at", False), moment("settled_at"), one_of("state", *BATCH_STATES),
    sa.UniqueConstraint("county", "month", "case", "attempt"),
)  # fmt: skip

# What the bank was sent, as it was sent: a repeated request carries the same bytes, whatever has changed since.
payroll_file_part = sa.Table(
    "payroll_file_part", metadata,
    sa.Column("batch", Key, primary_key=True, autoincrement=False),
    sa.Column("part", sa.Integer, primary_key=True), sealed("content"),
    sqlite_with_rowid=False,
)  # fmt: skip

payroll_township = sa.Table(
    "payroll_township", metadata,
    sa.Column("township", sa.Text, primary_key=True), sa.Column("month", sa.Date, primary_key=True),
    reference("case"), moment("confirmed_at"), text("confirmed_by", nullable=True),
    sqlite_with_rowid=False,
)  # fmt: skip

# Which case puts an entry's account right, so that nobody is asked twice at the same time.
payroll_account_case = sa.Table(
    "payroll_account_case", metadata,
    sa.Column("case", Key, primary_key=True, autoincrement=False), reference("entry"),
    sa.Index("ix_payroll_account_case_entry", "entry"), sqlite_with_rowid=False,
)  # fmt: skip

# What is withheld of an entry's month to pay back a claim; ``withheld_at`` once the month's roster was frozen without it.
payroll_netting = sa.Table(
    "payroll_netting", metadata,
    sa.Column("entry", Key, primary_key=True, autoincrement=False),
    sa.Column("for_month", sa.Date, primary_key=True),
    sa.Column("case", Key, primary_key=True, autoincrement=False), reference("amount"), moment("withheld_at"),
    sa.CheckConstraint("amount > 0", name="above_zero"), sa.Index("ix_payroll_netting_case", "case"),
    sqlite_with_rowid=False,
)  # fmt: skip
