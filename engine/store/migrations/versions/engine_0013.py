"""Cases that set each other off are counted, so that an endless chain is noticed; a message keeps how far it may reach."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0013"
down_revision = "engine_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("case_instance", "message"):
        op.add_column(table, sa.Column("hops", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("message", sa.Column("reach", sa.Text()))
    op.add_column("case_instance", sa.Column("hopped_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
