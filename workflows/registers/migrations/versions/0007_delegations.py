"""Delegations: records without a limit, withdrawals, who recorded what and why; relief under the name D18 gives it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0007"
down_revision = "registers_0006"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns; the records of relief stay under their old name too, for nodes of the version before."""
    for column in (
        sa.Column("unlimited", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("recorded_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("recorded_at", _KEY),
    ):
        op.add_column("delegation", column)
    op.execute(
        'INSERT INTO delegation (region, item, since, until, "limit", decision) '
        "SELECT region, 'temp', since, until, \"limit\", decision FROM delegation WHERE item = 'relief'"
    )
