"""Decisions, and the roster of whoever receives a benefit with the amounts that decisions set."""

from __future__ import annotations

import sqlalchemy as sa

from workflows.registers.tables.shape import key, metadata, moment, one_of, reference, sealed, text, two_times

LIVE_STATES = ("active", "suspended")

decision = sa.Table(
    "decision", metadata,
    key(), text("region"), reference("case"), text("number"), text("purpose"), text("matter"), text("outcome"),
    reference("amount", nullable=True), text("level"), text("decided_by"), text("basis"),
    moment("decided_at", False), sa.Column("policy_date", sa.Date, nullable=False),
    sa.CheckConstraint("amount IS NULL OR amount >= 0", name="not_negative"),
    sa.UniqueConstraint("case", "purpose"), sa.Index("ix_decision_matter", "matter", "region", "decided_at"),
)  # fmt: skip

# The holder is the person a decision names: the head of the household, or the one who receives a personal benefit.
roster = sa.Table(
    "roster", metadata,
    key(), text("benefit"), text("region"), reference("holder"), reference("household", nullable=True),
    reference("case"), text("number"), reference("decision"), text("state"), text("class", nullable=True),
    sa.Column("since", sa.Date, nullable=False), sa.Column("until", sa.Date),
    sa.Column("next_review", sa.Date), sealed("account", nullable=True), moment("account_checked_at"),
    moment("entered_at", False), one_of("state", "active", "suspended", "stopped"),
    sa.Index("ix_roster_holder", "holder"), sa.Index("ix_roster_household", "household"),
    sa.Index("ix_roster_region", "benefit", "region", "state"), sa.Index("ix_roster_review", "benefit", "next_review"),
)  # fmt: skip
_LIVE = roster.c.state != "stopped"
sa.Index(
    "uq_roster_live", roster.c.benefit, roster.c.holder, unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE,
)  # fmt: skip

roster_amount = sa.Table(
    "roster_amount", metadata,
    key(), reference("entry"), reference("amount"), text("tier", nullable=True), reference("decision"), *two_times(),
    sa.CheckConstraint("amount >= 0", name="not_negative"),
    sa.Index("ix_roster_amount_entry", "entry", "valid_from"),
)  # fmt: skip

# Every change of state keeps its cause, so that a stop can be answered for years later.
roster_event = sa.Table(
    "roster_event", metadata,
    key(), reference("entry"), reference("case"), text("kind"), sa.Column("effective", sa.Date, nullable=False),
    text("reason"), reference("decision", nullable=True), moment("at", False),
    sa.UniqueConstraint("entry", "case", "kind", "effective"),
    one_of("kind", "enrolled", "amount_changed", "suspended", "resumed", "stopped", "moved", "reviewed", "account"),
)  # fmt: skip
