"""The county's sample of what townships decided on the living allowance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0013"
down_revision = "registers_0012"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "dibao_sample",
        sa.Column("decision", _KEY, autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("judged_by", sa.Text(), nullable=True),
        sa.Column("judged_at", _KEY, nullable=True),
        sa.CheckConstraint("standing IN ('drawn', 'right', 'wrong')", name=op.f("ck_dibao_sample_known_standing")),
        sa.PrimaryKeyConstraint("decision", name=op.f("pk_dibao_sample")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_dibao_sample_case", "dibao_sample", ["case"])
