"""Edge households: on whose list, recognised how, from when until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0009"
down_revision = "registers_0008"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STANDINGS = "'listed', 'linked', 'active', 'declined', 'ended'"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "edge_household",
        sa.Column("key", _KEY, primary_key=True, autoincrement=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("household", _KEY),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("monitor_id", sa.Text()),
        sa.Column("monitor_type", sa.Text()),
        sa.Column("risk", sa.Text()),
        sa.Column("monitored_since", sa.Date()),
        sa.Column("left_monitoring", sa.Date()),
        sa.Column("authorised", sa.Boolean(), nullable=False),
        sa.Column("edge_from", sa.Date()),
        sa.Column("edge_until", sa.Date()),
        sa.Column("postcheck_due", sa.Date()),
        sa.Column("postcheck", sa.Text()),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("linked_to", sa.Text()),
        sa.Column("roster", _KEY),
        sa.Column("standing_at", _KEY, nullable=False),
        sa.CheckConstraint("basis IN ('direct', 'normal')", name=op.f("ck_edge_household_known_basis")),
        sa.CheckConstraint(f"standing IN ({_STANDINGS})", name=op.f("ck_edge_household_known_standing")),
        sa.UniqueConstraint("case", name=op.f("uq_edge_household_case")),
    )
    op.create_index("ix_edge_household_household", "edge_household", ["household"])
    op.create_index("ix_edge_household_region", "edge_household", ["region", "standing", "edge_until"])
