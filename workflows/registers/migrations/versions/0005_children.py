"""Children's files: the case, what was found of each parent, the care agreements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0005"
down_revision = "registers_0004"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "child_case",
        sa.Column("key", _KEY, primary_key=True, autoincrement=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("child", _KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("guardian", sa.LargeBinary(), nullable=False),
        sa.Column("entered_at", _KEY, nullable=False),
        sa.CheckConstraint("kind IN ('orphan', 'unattended', 'no')", name=op.f("ck_child_case_known_kind")),
        sa.UniqueConstraint("case", name=op.f("uq_child_case_case")),
    )
    op.create_index("ix_child_case_child", "child_case", ["child"])
    op.create_table(
        "parent_status",
        sa.Column("key", _KEY, primary_key=True, autoincrement=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("parent", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("found_at", _KEY, nullable=False),
        sa.CheckConstraint("parent IN ('father', 'mother')", name=op.f("ck_parent_status_known_parent")),
        sa.UniqueConstraint("case", "parent", name=op.f("uq_parent_status_case_parent")),
    )
    op.create_table(
        "care_agreement",
        sa.Column("key", _KEY, primary_key=True, autoincrement=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.UniqueConstraint("case", "signed_on", name=op.f("uq_care_agreement_case_signed_on")),
    )
