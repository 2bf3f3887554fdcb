"""Which case puts an entry's account right is written down, so that no second one is begun beside it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0017"
down_revision = "registers_0016"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table; cases that are open now are not in it and end as they would have."""
    op.create_table(
        "payroll_account_case",
        sa.Column("case", _KEY, autoincrement=False, nullable=False),
        sa.Column("entry", _KEY, nullable=False),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_payroll_account_case")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_payroll_account_case_entry", "payroll_account_case", ["entry"])
