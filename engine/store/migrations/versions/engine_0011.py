"""Tokens of a case moved by hand, proposed by one person and decided by another."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0011"
down_revision = "engine_0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PROPOSED = sa.text("status = 'proposed'")


def upgrade() -> None:
    op.create_table(
        "modification",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("case", KEY, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("variables", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("person", KEY, nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("proposed_at", KEY, nullable=False),
        sa.Column("decider", KEY, nullable=True),
        sa.Column("decider_name", sa.Text(), nullable=True),
        sa.Column("decided_at", KEY, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_modification")),
    )
    op.create_index("ix_modification_case", "modification", ["case", "key"])
    op.create_index(
        "ix_modification_proposed", "modification", ["region", "key"],
        sqlite_where=PROPOSED, postgresql_where=PROPOSED,
    )  # fmt: skip
