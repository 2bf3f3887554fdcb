"""Many incidents mended in one go."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0015"
down_revision = "engine_0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORKING = sa.text("status = 'working'")


def upgrade() -> None:
    op.create_table(
        "repair",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("variables", sa.LargeBinary(), nullable=True),
        sa.Column("undo", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("regions", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("person", KEY, nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("created_at", KEY, nullable=False),
        sa.Column("finished_at", KEY, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_repair")),
    )
    op.create_index("ix_repair_working", "repair", ["key"], sqlite_where=WORKING, postgresql_where=WORKING)
    op.create_table(
        "repair_item",
        sa.Column("repair", KEY, autoincrement=False, nullable=False),
        sa.Column("incident", KEY, autoincrement=False, nullable=False),
        sa.Column("case", KEY, nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("message_zh", sa.Text(), nullable=False),
        sa.Column("message_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("repair", "incident", name=op.f("pk_repair_item")),
    )
    op.create_index("ix_repair_item_status", "repair_item", ["repair", "status", "incident"])
