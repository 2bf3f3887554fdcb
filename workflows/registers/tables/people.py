"""Residents and households: what is known of them, from which day on, and since when we know it."""

from __future__ import annotations

import sqlalchemy as sa

from workflows.registers.tables.shape import key, metadata, moment, one_of, reference, sealed, text, two_times

# A resident without papers is provisional until an identity number is entered; two rows never share a number.
resident = sa.Table(
    "resident", metadata,
    key(), text("region"), sealed("id_no", nullable=True), sa.Column("died_on", sa.Date), moment("entered_at", False),
    sa.Index("uq_resident_id_no", "id_no", unique=True),
)  # fmt: skip

resident_version = sa.Table(
    "resident_version", metadata,
    key(), reference("resident"), sealed("name"), sealed("phone", nullable=True), sealed("facts"), *two_times(),
    sa.Index("ix_resident_version_resident", "resident", "valid_from"),
    sa.Index("ix_resident_version_name", "name"), sa.Index("ix_resident_version_phone", "phone"),
)  # fmt: skip

household = sa.Table(
    "household", metadata,
    key(), text("region"), reference("opened_by"), moment("entered_at", False), sa.Index("ix_household_region", "region"),
)  # fmt: skip

household_version = sa.Table(
    "household_version", metadata,
    key(), reference("household"), text("region"), text("area"), sealed("address", nullable=True), sealed("facts"),
    *two_times(), one_of("area", "city", "rural"),
    sa.Index("ix_household_version_household", "household", "valid_from"),
    sa.Index("ix_household_version_address", "address"),
)  # fmt: skip

household_member = sa.Table(
    "household_member", metadata,
    key(), reference("household"), reference("resident"), text("relation"),
    sa.Column("counted", sa.Boolean, nullable=False), *two_times(),
    sa.Index("ix_household_member_household", "household", "resident", "valid_from"),
    sa.Index("ix_household_member_resident", "resident", "valid_from"),
)  # fmt: skip
