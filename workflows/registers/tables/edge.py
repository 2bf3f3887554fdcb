"""Edge households: on whose list, recognised how, from when until when, and how it stands."""

from __future__ import annotations

import sqlalchemy as sa

from workflows.registers.tables.shape import key, metadata, moment, one_of, reference, text

edge_household = sa.Table(
    "edge_household", metadata,
    key(), text("region"), reference("case"), text("number"), reference("household", nullable=True),
    text("basis"), text("monitor_id", nullable=True), text("monitor_type", nullable=True),
    text("risk", nullable=True), sa.Column("monitored_since", sa.Date), sa.Column("left_monitoring", sa.Date),
    sa.Column("authorised", sa.Boolean, nullable=False), sa.Column("edge_from", sa.Date),
    sa.Column("edge_until", sa.Date), sa.Column("postcheck_due", sa.Date), text("postcheck", nullable=True),
    text("standing"), text("linked_to", nullable=True), reference("roster", nullable=True), moment("standing_at", False),
    one_of("basis", "direct", "normal"),
    one_of("standing", "listed", "linked", "active", "declined", "ended"),
    sa.UniqueConstraint("case"), sa.Index("ix_edge_household_household", "household"),
    sa.Index("ix_edge_household_region", "region", "standing", "edge_until"),
)  # fmt: skip
