"""Residents, households, applications, authorisations, publicity, change reports, decisions and rosters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0002"
down_revision = "registers_0001"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "application",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("resident", _KEY, nullable=True),
        sa.Column("household", _KEY, nullable=True),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("danger", sa.Boolean(), nullable=False),
        sa.Column("relative_in_office", sa.Boolean(), nullable=False),
        sa.Column("applied_at", _KEY, nullable=False),
        sa.Column("accepted_at", _KEY, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_at", _KEY, nullable=False),
        sa.CheckConstraint(
            "state IN ('received', 'supplementing', 'accepted', 'sorted', 'not_accepted', 'withdrawn', 'closed')",
            name=op.f("ck_application_known_state"),
        ),
        sa.PrimaryKeyConstraint("region", "case", name=op.f("pk_application")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_application_address", "application", ["address", "applied_at"], unique=False)
    op.create_index("ix_application_person", "application", ["person", "applied_at"], unique=False)
    op.create_index("ix_application_phone", "application", ["phone", "applied_at"], unique=False)
    op.create_table(
        "application_programme",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("programme_case", _KEY, nullable=True),
        sa.Column("programme_number", sa.Text(), nullable=True),
        sa.Column("state_at", _KEY, nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'confirmed', 'declined', 'started', 'referred')",
            name=op.f("ck_application_programme_known_state"),
        ),
        sa.PrimaryKeyConstraint("region", "case", "programme", name=op.f("pk_application_programme")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "authorisation",
        sa.Column("key", _KEY, autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("resident", _KEY, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("signer", sa.LargeBinary(), nullable=False),
        sa.Column("outside_household", sa.Boolean(), nullable=False),
        sa.Column("given_at", _KEY, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", _KEY, nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_authorisation_some_days")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_authorisation")),
        sa.UniqueConstraint("case", "resident", "given_at", name=op.f("uq_authorisation_case_resident_given_at")),
    )
    op.create_index("ix_authorisation_resident", "authorisation", ["resident", "purpose"], unique=False)
    op.create_table(
        "change_report",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("household", _KEY, nullable=True),
        sa.Column("resident", _KEY, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("reported_at", _KEY, nullable=False),
        sa.Column("verified", sa.Text(), nullable=True),
        sa.Column("effect", sa.Text(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("settled_at", _KEY, nullable=True),
        sa.PrimaryKeyConstraint("region", "case", name=op.f("pk_change_report")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_change_report_household", "change_report", ["household", "reported_at"], unique=False)
    op.create_table(
        "decision",
        sa.Column("key", _KEY, autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("amount", _KEY, nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("decided_at", _KEY, nullable=False),
        sa.Column("policy_date", sa.Date(), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_decision_not_negative")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_decision")),
        sa.UniqueConstraint("case", "purpose", name=op.f("uq_decision_case_purpose")),
    )
    op.create_index("ix_decision_matter", "decision", ["matter", "region", "decided_at"], unique=False)
    op.create_table(
        "household",
        sa.Column("key", _KEY, autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("opened_by", _KEY, nullable=False),
        sa.Column("entered_at", _KEY, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_household")),
    )
    op.create_index("ix_household_region", "household", ["region"], unique=False)
    op.create_table(
        "household_member",
        sa.Column("key", _KEY, autoincrement=False, nullable=False),
        sa.Column("household", _KEY, nullable=False),
        sa.Column("resident", _KEY, nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_from", _KEY, nullable=False),
        sa.Column("recorded_to", _KEY, nullable=True),
        sa.Column("case", _KEY, nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_household_member_some_days")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_household_member")),
    )
    op.create_index(
        "ix_household_member_household", "household_member", ["household", "resident", "valid_from"], unique=False
    )
    op.create_index("ix_household_member_resident", "household_member", ["resident", "valid_from"], unique=False)
    op.create_table(
        "household_version",
        sa.Column("key", _KEY, autoincrement=False, nullable=False),
        sa.Column("household", _KEY, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_from", _KEY, nullable=False),
        sa.Column("recorded_to", _KEY, nullable=True),
        sa.Column("case", _KEY, nullable=False),
        sa.CheckConstraint("area IN ('city', 'rural')", name=op.f("ck_household_version_known_area")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_household_version_some_days")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_household_version")),
    )
    op.create_index("ix_household_version_address", "household_version", ["address"], unique=False)
    op.create_index("ix_household_version_household", "household_version", ["household", "valid_from"], unique=False)
    op.create_table(
        "publicity",
        sa.Column("key", _KEY, autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("standing_at", _KEY, nullable=False),
        sa.CheckConstraint("stage IN ('before', 'after')", name=op.f("ck_publicity_known_stage")),
        sa.CheckConstraint(
            "standing IN ('posted', 'interrupted', 'completed', 'removed')", name=op.f("ck_publicity_known_standing")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_publicity")),
        sa.UniqueConstraint("case", "purpose", name=op.f("uq_publicity_case_purpose")),
    )
    op.create_index("ix_publicity_region", "publicity", ["region", "posted_on"], unique=False)
    op.create_table(
        "resident",
        sa.Column("key", _KEY, autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("id_no", sa.LargeBinary(), nullable=True),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("entered_at", _KEY, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_resident")),
    )
    op.create_index("uq_resident_id_no", "resident", ["id_no"], unique=True)
    op.create_table(
        "resident_version",
        sa.Column("key", _KEY, autoincrement=False, nullable=False),
        sa.Column("resident", _KEY, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_from", _KEY, nullable=False),
        sa.Column("recorded_to", _KEY, nullable=True),
        sa.Column("case", _KEY, nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_resident_version_some_days")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_resident_version")),
    )
    op.create_index("ix_resident_version_name", "resident_version", ["name"], unique=False)
    op.create_index("ix_resident_version_phone", "resident_version", ["phone"], unique=False)
    op.create_index("ix_resident_version_resident", "resident_version", ["resident", "valid_from"], unique=False)
    op.create_table(
        "roster",
        sa.Column("key", _KEY, autoincrement=False, nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("holder", _KEY, nullable=False),
        sa.Column("household", _KEY, nullable=True),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("decision", _KEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("class", sa.Text(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("next_review", sa.Date(), nullable=True),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("account_checked_at", _KEY, nullable=True),
        sa.Column("entered_at", _KEY, nullable=False),
        sa.CheckConstraint("state IN ('active', 'suspended', 'stopped')", name=op.f("ck_roster_known_state")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_roster")),
    )
    op.create_index("ix_roster_holder", "roster", ["holder"], unique=False)
    op.create_index("ix_roster_household", "roster", ["household"], unique=False)
    op.create_index("ix_roster_region", "roster", ["benefit", "region", "state"], unique=False)
    op.create_index("ix_roster_review", "roster", ["benefit", "next_review"], unique=False)
    op.create_index(
        "uq_roster_live",
        "roster",
        ["benefit", "holder"],
        unique=True,
        sqlite_where=sa.text("state != 'stopped'"),
        postgresql_where=sa.text("state != 'stopped'"),
    )
    op.create_table(
        "roster_amount",
        sa.Column("key", _KEY, autoincrement=False, nullable=False),
        sa.Column("entry", _KEY, nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("decision", _KEY, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_from", _KEY, nullable=False),
        sa.Column("recorded_to", _KEY, nullable=True),
        sa.Column("case", _KEY, nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_roster_amount_not_negative")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_roster_amount_some_days")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_roster_amount")),
    )
    op.create_index("ix_roster_amount_entry", "roster_amount", ["entry", "valid_from"], unique=False)
    op.create_table(
        "roster_event",
        sa.Column("key", _KEY, autoincrement=False, nullable=False),
        sa.Column("entry", _KEY, nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision", _KEY, nullable=True),
        sa.Column("at", _KEY, nullable=False),
        sa.CheckConstraint(
            "kind IN ('enrolled', 'amount_changed', 'suspended', 'resumed', 'stopped', 'moved', 'reviewed', 'account')",
            name=op.f("ck_roster_event_known_kind"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_roster_event")),
        sa.UniqueConstraint(
            "entry", "case", "kind", "effective", name=op.f("uq_roster_event_entry_case_kind_effective")
        ),
    )
