"""Batches of cases that are moved to another version of their process."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0008"
down_revision = "engine_0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNDER_WAY = sa.text("status IN ('examining', 'moving', 'undoing')")


def upgrade() -> None:
    op.create_table(
        "migration",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("target", KEY, nullable=False),
        sa.Column("elements", sa.Text(), nullable=False),
        sa.Column("replan", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("regions", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("person", KEY, nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("created_at", KEY, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_migration")),
    )
    op.create_index("ix_migration_process", "migration", ["process", "key"])
    op.create_index("ix_migration_under_way", "migration", ["key"], sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY)
    op.create_table(
        "migration_case",
        sa.Column("migration", KEY, autoincrement=False, nullable=False),
        sa.Column("case", KEY, autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("obstacles", sa.Text(), nullable=False),
        sa.Column("fault_zh", sa.Text(), nullable=False),
        sa.Column("fault_en", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("snapshot", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("migration", "case", name=op.f("pk_migration_case")),
    )
    op.create_index("ix_migration_case_status", "migration_case", ["migration", "status", "case"])
