"""Applications for the living allowance with their deadlines; the tier an amount follows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0006"
down_revision = "registers_0005"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table, and let an amount name its tier."""
    op.add_column("roster_amount", sa.Column("tier", sa.Text(), nullable=True))
    op.create_table(
        "dibao_case",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("holder", _KEY, nullable=True),
        sa.Column("household", _KEY, nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("total_wd", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("deadline_at", _KEY, nullable=False),
        sa.Column("green", sa.Text(), nullable=False),
        sa.Column("green_at", _KEY, nullable=True),
        sa.CheckConstraint("variant IN ('family', 'single')", name=op.f("ck_dibao_case_known_variant")),
        sa.CheckConstraint(
            "ground IN ('delegated', 'county', 'special', 'green')", name=op.f("ck_dibao_case_known_ground")
        ),
        sa.CheckConstraint(
            "green IN ('none', 'asked', 'approved', 'declined')", name=op.f("ck_dibao_case_known_green")
        ),
        sa.PrimaryKeyConstraint("region", "case", name=op.f("pk_dibao_case")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_dibao_case_green", "dibao_case", ["green", "region", "green_at"])
