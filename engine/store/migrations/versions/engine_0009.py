"""User tasks offered to several roles and to people by name."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0009"
down_revision = "engine_0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("user_task", sa.Column("others", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "task_offer",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("task", KEY, nullable=False),
        sa.Column("person", KEY, nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_task_offer")),
    )
    op.create_index("ix_task_offer_person", "task_offer", ["person"])
    op.create_index("ix_task_offer_role", "task_offer", ["region", "role"])
    op.create_index("ix_task_offer_task", "task_offer", ["task"])
