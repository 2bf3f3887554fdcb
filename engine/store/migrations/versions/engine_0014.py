"""Since when a cancelled case undoes what it has completed."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0014"
down_revision = "engine_0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("case_instance", sa.Column("undoing_at", KEY, nullable=True))
