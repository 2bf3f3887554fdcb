"""Recoveries of monthly benefits: receipts, what is withheld of later months, fines and credit records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0011"
down_revision = "registers_0010"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add columns and tables."""
    op.add_column("recovery", sa.Column("entry", _KEY))
    op.add_column("recovery", sa.Column("cause", sa.Text()))
    op.add_column("recovery", sa.Column("fine", _KEY))
    op.create_table(
        "recovery_receipt",
        sa.Column("case", _KEY, nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("at", _KEY, nullable=False),
        sa.PrimaryKeyConstraint("case", "receipt", name=op.f("pk_recovery_receipt")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_recovery_receipt_above_zero")),
        sa.CheckConstraint("way IN ('refund', 'netting', 'fine')", name=op.f("ck_recovery_receipt_known_way")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "credit_record",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("person", sa.LargeBinary()),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("fine", _KEY, nullable=False),
        sa.Column("noted_at", _KEY, nullable=False),
        sa.PrimaryKeyConstraint("region", "case", name=op.f("pk_credit_record")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_credit_record_person", "credit_record", ["person"])
    op.create_table(
        "payroll_netting",
        sa.Column("entry", _KEY, nullable=False),
        sa.Column("for_month", sa.Date(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("withheld_at", _KEY),
        sa.PrimaryKeyConstraint("entry", "for_month", "case", name=op.f("pk_payroll_netting")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payroll_netting_above_zero")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_payroll_netting_case", "payroll_netting", ["case"])
