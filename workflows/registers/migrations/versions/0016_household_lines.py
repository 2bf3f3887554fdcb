"""Lines of a household are looked up when another of its entries is to be paid for the month."""

from __future__ import annotations

from alembic import op

revision = "registers_0016"
down_revision = "registers_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.create_index("ix_payroll_line_household", "payroll_line", ["household", "for_month"])
