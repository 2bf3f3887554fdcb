"""The registers' first tables: ledger, funds, payments, relief, monitoring, delegations, duty."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0001"
down_revision = None
branch_labels = ("registers",)
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables, and the triggers that keep the ledger append-only."""
    op.create_table(
        "delegation",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("limit", _KEY, nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.CheckConstraint('"limit" >= 0', name=op.f("ck_delegation_not_negative")),
        sa.PrimaryKeyConstraint("region", "item", "since", name=op.f("pk_delegation")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "duty_roster",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("region", name=op.f("pk_duty_roster")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fund",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("last_allocation", _KEY, nullable=False),
        sa.Column("allocated_at", _KEY, nullable=False),
        sa.Column("refill_asked_at", _KEY, nullable=True),
        sa.PrimaryKeyConstraint("region", name=op.f("pk_fund")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fund_statement",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("opening", _KEY, nullable=False),
        sa.Column("allocated", _KEY, nullable=False),
        sa.Column("paid_out", _KEY, nullable=False),
        sa.Column("returned", _KEY, nullable=False),
        sa.Column("closing", _KEY, nullable=False),
        sa.Column("signers", sa.Text(), nullable=False),
        sa.Column("filed_at", _KEY, nullable=False),
        sa.CheckConstraint(
            "closing = opening + allocated - paid_out + returned", name=op.f("ck_fund_statement_adds_up")
        ),
        sa.PrimaryKeyConstraint("region", "month", name=op.f("pk_fund_statement")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_account",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("balance", _KEY, nullable=False),
        sa.CheckConstraint(
            "kind NOT IN ('reserve_fund', 'clearing') OR balance >= 0", name=op.f("ck_ledger_account_never_overdrawn")
        ),
        sa.PrimaryKeyConstraint("region", "kind", name=op.f("pk_ledger_account")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_transfer",
        sa.Column("key", _KEY, autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("source_region", sa.Text(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("target_region", sa.Text(), nullable=False),
        sa.Column("target_kind", sa.Text(), nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("at", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_transfer_above_zero")),
        sa.CheckConstraint(
            "source_region <> target_region OR source_kind <> target_kind", name=op.f("ck_ledger_transfer_two_accounts")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_ledger_transfer")),
        sa.UniqueConstraint("region", "case", "purpose", name=op.f("uq_ledger_transfer_region_case_purpose")),
    )
    op.create_index(
        "ix_ledger_transfer_source", "ledger_transfer", ["source_region", "source_kind", "at"], unique=False
    )
    op.create_index(
        "ix_ledger_transfer_target", "ledger_transfer", ["target_region", "target_kind", "at"], unique=False
    )
    op.create_table(
        "monitored_person",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("region", "person", name=op.f("pk_monitored_person")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_monitored_person_person", "monitored_person", ["person"], unique=False)
    op.create_table(
        "overdue_paperwork",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("since", _KEY, nullable=False),
        sa.Column("settled_at", _KEY, nullable=True),
        sa.PrimaryKeyConstraint("region", "case", name=op.f("pk_overdue_paperwork")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payment",
        sa.Column("key", _KEY, autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fund_region", sa.Text(), nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("recovered", _KEY, nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("booked_at", _KEY, nullable=False),
        sa.Column("instructed_at", _KEY, nullable=True),
        sa.Column("confirmed_at", _KEY, nullable=True),
        sa.Column("reversed_at", _KEY, nullable=True),
        sa.CheckConstraint(
            "status IN ('booked', 'instructed', 'confirmed', 'reversed')", name=op.f("ck_payment_known_status")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_above_zero")),
        sa.CheckConstraint("recovered BETWEEN 0 AND amount", name=op.f("ck_payment_recovered_within")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_payment")),
        sa.UniqueConstraint(
            "region", "case", "purpose", "attempt", name=op.f("uq_payment_region_case_purpose_attempt")
        ),
    )
    op.create_index(
        "uq_payment_live",
        "payment",
        ["region", "case", "purpose"],
        unique=True,
        sqlite_where=sa.text("status != 'reversed'"),
        postgresql_where=sa.text("status != 'reversed'"),
    )
    op.create_table(
        "recovery",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("payment", _KEY, nullable=False),
        sa.Column("due", _KEY, nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("noted_at", _KEY, nullable=False),
        sa.CheckConstraint("due > 0", name=op.f("ck_recovery_above_zero")),
        sa.PrimaryKeyConstraint("region", "case", name=op.f("pk_recovery")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "temp_case",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("provisional_person", sa.Boolean(), nullable=False),
        sa.Column("applicant", sa.LargeBinary(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("track", sa.Text(), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=True),
        sa.Column("requested", _KEY, nullable=True),
        sa.Column("registered_at", _KEY, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("amount", _KEY, nullable=True),
        sa.Column("settled_at", _KEY, nullable=True),
        sa.PrimaryKeyConstraint("region", "case", name=op.f("pk_temp_case")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_temp_case_address", "temp_case", ["address", "registered_at"], unique=False)
    op.create_index("ix_temp_case_person", "temp_case", ["person", "registered_at"], unique=False)
    op.create_index("ix_temp_case_phone", "temp_case", ["phone", "registered_at"], unique=False)
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


_APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER ledger_transfer_no_update BEFORE UPDATE ON ledger_transfer "
        "BEGIN SELECT RAISE(ABORT, 'ledger_transfer is append-only'); END",
        "CREATE TRIGGER ledger_transfer_no_delete BEFORE DELETE ON ledger_transfer "
        "BEGIN SELECT RAISE(ABORT, 'ledger_transfer is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'ledger_transfer is append-only'; END $$",
        "CREATE TRIGGER ledger_transfer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfer "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()",
    ),
}
