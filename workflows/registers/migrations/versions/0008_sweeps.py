"""The quarterly sweep: rounds, townships, the ledger, the persons seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0008"
down_revision = "registers_0007"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "sweep_round",
        sa.Column("round", sa.Text(), primary_key=True),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("opened_at", _KEY, nullable=False),
        sa.Column("closed_at", _KEY),
    )
    op.create_table(
        "sweep_area",
        sa.Column("round", sa.Text(), primary_key=True),
        sa.Column("township", sa.Text(), primary_key=True),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("unsettled", sa.Integer(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("listed_at", _KEY, nullable=False),
        sa.Column("closed_at", _KEY),
        sa.CheckConstraint("unsettled >= 0", name=op.f("ck_sweep_area_not_below_zero")),
    )
    op.create_table(
        "sweep_ledger",
        sa.Column("key", _KEY, primary_key=True, autoincrement=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("household", _KEY),
        sa.Column("case", _KEY),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("outcomes", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("visited_on", sa.Date()),
        sa.Column("assistant", sa.Text()),
        sa.Column("countersigned_by", sa.Text()),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("excused", sa.Text()),
        sa.Column("settled_at", _KEY),
        sa.CheckConstraint(
            "state IN ('listed', 'open', 'seen', 'not_met', 'unvisited')", name=op.f("ck_sweep_ledger_known_state")
        ),
        sa.CheckConstraint("sample IN ('no', 'drawn', 'right', 'wrong')", name=op.f("ck_sweep_ledger_known_sample")),
    )
    op.create_index("ix_sweep_ledger_region", "sweep_ledger", ["round", "region", "state"])
    op.create_index("uq_sweep_ledger_household", "sweep_ledger", ["round", "household"], unique=True)
    op.create_table(
        "sweep_person",
        sa.Column("ledger", _KEY, primary_key=True, autoincrement=False),
        sa.Column("person", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("resident", _KEY),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("way", sa.Text()),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("way IN ('face', 'video', 'phone')", name=op.f("ck_sweep_person_known_way")),
    )
