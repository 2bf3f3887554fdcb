"""The free texts of the sweep's ledger are sealed: what stood there in clear goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0014"
down_revision = "registers_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put columns of sealed bytes in the place of the texts."""
    for column in ("why", "excused"):
        op.drop_column("sweep_ledger", column)
        op.add_column("sweep_ledger", sa.Column(column, sa.LargeBinary()))
