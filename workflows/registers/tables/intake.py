"""Applications, authorisations, what was made public, and reports of changes."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tables import Key
from workflows.registers.tables.shape import key, metadata, moment, one_of, reference, sealed, text

_STATES = ("received", "supplementing", "accepted", "sorted", "not_accepted", "withdrawn", "closed")


def _of_case() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("region", sa.Text, primary_key=True),
        sa.Column("case", Key, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
    )


application = sa.Table(
    "application", metadata,
    *_of_case(), text("channel"), reference("resident", nullable=True), reference("household", nullable=True),
    sealed("person", nullable=True), sealed("phone", nullable=True), sealed("address", nullable=True),
    sa.Column("danger", sa.Boolean, nullable=False), sa.Column("relative_in_office", sa.Boolean, nullable=False),
    moment("applied_at", False), moment("accepted_at"), text("state"), moment("state_at", False),
    one_of("state", *_STATES),
    sa.Index("ix_application_person", "person", "applied_at"), sa.Index("ix_application_phone", "phone", "applied_at"),
    sa.Index("ix_application_address", "address", "applied_at"),
    sqlite_with_rowid=False,
)  # fmt: skip

application_programme = sa.Table(
    "application_programme", metadata,
    sa.Column("region", sa.Text, primary_key=True), sa.Column("case", Key, primary_key=True),
    sa.Column("programme", sa.Text, primary_key=True), text("state"), reference("programme_case", nullable=True),
    text("programme_number", nullable=True), moment("state_at", False),
    one_of("state", "proposed", "confirmed", "declined", "started", "referred"),
    sqlite_with_rowid=False,
)  # fmt: skip

authorisation = sa.Table(
    "authorisation", metadata,
    key(), text("region"), reference("case"), reference("resident"), text("purpose"), text("scope"), text("way"),
    text("version"), sealed("signer"), sa.Column("outside_household", sa.Boolean, nullable=False),
    moment("given_at", False), sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date, nullable=False), moment("withdrawn_at"), text("withdrawn_reason", nullable=True),
    sa.CheckConstraint("valid_to > valid_from", name="some_days"),
    sa.UniqueConstraint("case", "resident", "given_at"), sa.Index("ix_authorisation_resident", "resident", "purpose"),
)  # fmt: skip

publicity = sa.Table(
    "publicity", metadata,
    key(), text("region"), reference("case"), text("number"), text("purpose"), text("kind"), text("stage"),
    text("place"), sealed("shown"), sa.Column("posted_on", sa.Date, nullable=False), sa.Column("ends_on", sa.Date),
    text("standing"), moment("standing_at", False),
    one_of("stage", "before", "after"), one_of("standing", "posted", "interrupted", "completed", "removed"),
    sa.UniqueConstraint("case", "purpose"), sa.Index("ix_publicity_region", "region", "posted_on"),
)  # fmt: skip

change_report = sa.Table(
    "change_report", metadata,
    *_of_case(), reference("household", nullable=True), reference("resident", nullable=True), text("kind"),
    text("source"), sa.Column("happened_on", sa.Date, nullable=False), moment("reported_at", False),
    text("verified", nullable=True), text("effect", nullable=True), sa.Column("effective_from", sa.Date),
    moment("settled_at"), sa.Index("ix_change_report_household", "household", "reported_at"),
    sqlite_with_rowid=False,
)  # fmt: skip
