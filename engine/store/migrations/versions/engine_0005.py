"""Iterations of parallel multi-instance in rows of their own."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0005"
down_revision = "engine_0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "iteration",
        sa.Column("case", KEY, autoincrement=False, nullable=False),
        sa.Column("token", KEY, autoincrement=False, nullable=False),
        sa.Column("body", KEY, nullable=False),
        sa.Column("around", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("case", "token", name=op.f("pk_iteration")),
    )
    op.create_table(
        "iteration_token",
        sa.Column("case", KEY, autoincrement=False, nullable=False),
        sa.Column("token", KEY, autoincrement=False, nullable=False),
        sa.Column("iteration", KEY, nullable=False),
        sa.PrimaryKeyConstraint("case", "token", name=op.f("pk_iteration_token")),
        sqlite_with_rowid=False,
    )
