"""The monthly comparison of the disability subsidies: what the departments listed, and the mismatches found."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tables import Key
from workflows.registers.tables.shape import key, metadata, moment, one_of, reference, sealed, text

QUEUES = ("wrong", "missed", "expiring", "yearly")
OPEN_STATES = ("found", "open")


def _person() -> sa.Column[bytes]:
    return sa.Column("person", sa.LargeBinary, primary_key=True)


def _run() -> sa.Column[int]:
    return sa.Column("run", Key, primary_key=True, autoincrement=False)


compare_run = sa.Table(
    "compare_run", metadata,
    key(), text("county"), sa.Column("month", sa.Date, nullable=False), reference("case"), text("number"),
    moment("opened_at", False), moment("closed_at"), text("missing"),
    sa.UniqueConstraint("county", "month"),
)  # fmt: skip

# Everybody who draws a subsidy in the county or holds a card there; kept until the county's next comparison.
compare_person = sa.Table(
    "compare_person", metadata,
    _run(), _person(), reference("resident", nullable=True), text("region"), sealed("who", nullable=True),
    reference("sealed_as", nullable=True),
    text("kind", nullable=True), sa.Column("grade", sa.Integer), sa.Column("ends_on", sa.Date),
    sa.Column("renewal_on", sa.Date), sa.Column("care_need", sa.Boolean, nullable=False),
    sa.Column("died_on", sa.Date), text("home", nullable=True), sa.Column("custody", sa.Boolean, nullable=False),
    sa.Column("work_injury", sa.Boolean, nullable=False), text("facts"),
    sa.Index("ix_compare_person_facts", "run", "facts"),
    sqlite_with_rowid=False,
)  # fmt: skip

# What the decision table says of everybody of whom the same is known; "none" stands for no reason against it.
compare_verdict = sa.Table(
    "compare_verdict", metadata,
    _run(), sa.Column("facts", sa.Text, primary_key=True), text("living"), text("care"),
    sa.Column("invite", sa.Boolean, nullable=False), sqlite_with_rowid=False,
)  # fmt: skip

compare_finding = sa.Table(
    "compare_finding", metadata,
    _run(), _person(), sa.Column("queue", sa.Text, primary_key=True), text("county"), text("region"),
    reference("resident", nullable=True), text("living", nullable=True), text("care", nullable=True), text("state"),
    reference("case", nullable=True), text("number", nullable=True), text("outcome", nullable=True),
    sa.Column("quiet_until", sa.Date), moment("found_at", False), moment("settled_at"),
    one_of("queue", *QUEUES), one_of("state", *OPEN_STATES, "settled"),
    sa.Index("ix_compare_finding_county", "county", "queue", "state"),
    sa.Index("ix_compare_finding_case", "case"), sa.Index("ix_compare_finding_person", "person", "queue"),
    sqlite_with_rowid=False,
)  # fmt: skip
_OPEN = compare_finding.c.state != "settled"
# A mismatch that somebody works on is not found a second time, in whichever month or county.
sa.Index(
    "uq_compare_finding_open", compare_finding.c.person, compare_finding.c.queue, unique=True,
    sqlite_where=_OPEN, postgresql_where=_OPEN,
)  # fmt: skip
