"""Monthly payments: frozen rosters, bank files, confirmations of the townships."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0003"
down_revision = "registers_0002"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LIVE = sa.text("state != 'carried'")
_GONE = sa.text("state IN ('sent', 'paid')")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "payroll",
        *_of_month(),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("frozen_at", _KEY, nullable=False),
        sa.Column("closed_at", _KEY, nullable=True),
        sa.PrimaryKeyConstraint("county", "benefit", "month", name=op.f("pk_payroll")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payroll_line",
        *_of_month(),
        sa.Column("entry", _KEY, autoincrement=False, nullable=False),
        sa.Column("for_month", sa.Date(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("holder", _KEY, nullable=False),
        sa.Column("amount", _KEY, nullable=False),
        sa.Column("decision", _KEY, nullable=False),
        sa.Column("gates", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("batch", _KEY, nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("bank_reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payroll_line_above_zero")),
        sa.CheckConstraint(
            "state IN ('ready', 'held', 'dropped', 'sent', 'paid', 'returned', 'carried')",
            name=op.f("ck_payroll_line_known_state"),
        ),
        sa.PrimaryKeyConstraint("county", "benefit", "month", "entry", "for_month", name=op.f("pk_payroll_line")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_payroll_line_entry", "payroll_line", ["entry", "for_month"], unique=False)
    op.create_index("ix_payroll_line_batch", "payroll_line", ["batch"], unique=False)
    op.create_index("ix_payroll_line_holder", "payroll_line", ["holder", "for_month"], unique=False)
    _partial("uq_payroll_line_live", ["entry", "for_month", "part"], _LIVE)
    _partial("uq_payroll_line_gone", ["benefit", "holder", "for_month", "part"], _GONE)
    op.create_table(
        "payroll_batch",
        sa.Column("key", _KEY, autoincrement=False, nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("total", _KEY, nullable=False),
        sa.Column("returned", _KEY, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("prepared_at", _KEY, nullable=False),
        sa.Column("settled_at", _KEY, nullable=True),
        sa.CheckConstraint(
            "state IN ('prepared', 'accepted', 'rejected', 'recalled', 'settled')",
            name=op.f("ck_payroll_batch_known_state"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_payroll_batch")),
        sa.UniqueConstraint(
            "county", "month", "case", "attempt", name=op.f("uq_payroll_batch_county_month_case_attempt")
        ),
    )
    op.create_table(
        "payroll_file_part",
        sa.Column("batch", _KEY, autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("batch", "part", name=op.f("pk_payroll_file_part")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payroll_township",
        sa.Column("township", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("confirmed_at", _KEY, nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("township", "month", name=op.f("pk_payroll_township")),
        sqlite_with_rowid=False,
    )


def _of_month() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
    )


def _partial(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "payroll_line", columns, unique=True, sqlite_where=where, postgresql_where=where)
