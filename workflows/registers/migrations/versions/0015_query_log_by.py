"""Who had a person's data queried stands beside the query."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0015"
down_revision = "registers_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of earlier queries only the case is known."""
    op.add_column("query_log", sa.Column("asked_by", sa.Text(), nullable=True))
