"""Deliveries that failed wait for an operator; services that are due are found among any number of timers."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0010"
down_revision = "engine_0009"
branch_labels = None
depends_on = None

SERVICE = sa.text("kind = 'service' AND status = 'waiting'")
PENDING = sa.text("status = 'waiting'")


def upgrade() -> None:
    op.add_column("delivery", sa.Column("status", sa.Text(), nullable=False, server_default="waiting"))
    op.create_index("ix_job_service", "job", ["due_at"], sqlite_where=SERVICE, postgresql_where=SERVICE)
    op.create_index("ix_delivery_waiting", "delivery", ["key"], sqlite_where=PENDING, postgresql_where=PENDING)
