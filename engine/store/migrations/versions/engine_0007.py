"""Cases and processes that stand still, by whom and why."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0007"
down_revision = "engine_0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # With a default, so that a node of the version before can still write cases.
    column = sa.Column("suspended", sa.Integer(), nullable=False, server_default=sa.text("0"))
    op.add_column("case_instance", column)
    op.create_table(
        "suspension",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person", KEY, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", KEY, nullable=False),
        sa.Column("lifted_at", KEY, nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_suspension")),
    )
    op.create_index("ix_suspension_subject", "suspension", ["subject"], unique=False)
