"""The quarterly sweep: rounds, the part of each township, the ledger by household, what was seen of each person."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tables import Key
from workflows.registers.tables.shape import key, metadata, moment, one_of, reference, sealed, text

sweep_round = sa.Table(
    "sweep_round", metadata,
    sa.Column("round", sa.Text, primary_key=True), text("region"), sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False), reference("case"), text("number"), moment("opened_at", False),
    moment("closed_at"),
)  # fmt: skip

# ``unsettled`` counts down, so that of two visits that end at once exactly one is the last.
sweep_area = sa.Table(
    "sweep_area", metadata,
    sa.Column("round", sa.Text, primary_key=True), sa.Column("township", sa.Text, primary_key=True),
    sa.Column("households", sa.Integer, nullable=False), sa.Column("unsettled", sa.Integer, nullable=False),
    reference("case"), moment("listed_at", False), moment("closed_at"),
    sa.CheckConstraint("unsettled >= 0", name="not_below_zero"),
)  # fmt: skip

sweep_ledger = sa.Table(
    "sweep_ledger", metadata,
    key(), text("round"), text("region"), reference("household", nullable=True), reference("case", nullable=True),
    text("state"), sa.Column("persons", sa.Integer, nullable=False), sa.Column("seen", sa.Integer, nullable=False),
    text("outcomes"), sealed("why", nullable=True), sa.Column("visited_on", sa.Date), text("assistant", nullable=True),
    text("countersigned_by", nullable=True), text("sample"), sealed("excused", nullable=True), moment("settled_at"),
    one_of("state", "listed", "open", "seen", "not_met", "unvisited"), one_of("sample", "no", "drawn", "right", "wrong"),
    sa.Index("ix_sweep_ledger_region", "round", "region", "state"),
    sa.Index("uq_sweep_ledger_household", "round", "household", unique=True),
)  # fmt: skip

sweep_person = sa.Table(
    "sweep_person", metadata,
    sa.Column("ledger", Key, primary_key=True, autoincrement=False),
    sa.Column("person", sa.Integer, primary_key=True, autoincrement=False),
    reference("resident", nullable=True), sa.Column("seen", sa.Boolean, nullable=False), text("way", nullable=True),
    sealed("facts"), one_of("way", "face", "video", "phone"),
)  # fmt: skip
