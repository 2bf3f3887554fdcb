"""Jobs that outside workers take for a time."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0004"
down_revision = "engine_0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("job", sa.Column("worker", sa.Text(), nullable=True))
    op.add_column("job", sa.Column("holder", KEY, nullable=True))
    # With a default, so that a node of the version before can still write jobs.
    op.add_column("job", sa.Column("lease", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.create_index(
        "ix_job_offered",
        "job",
        ["type", "due_at"],
        unique=False,
        sqlite_where=sa.text("status = 'offered'"),
        postgresql_where=sa.text("status = 'offered'"),
    )
