"""Restricted cases: who may know of them."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0012"
down_revision = "engine_0011"
branch_labels = None
depends_on = None

RESTRICTED = sa.text("restricted = 1")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("case_instance", sa.Column("restricted", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.create_index(
        "ix_case_instance_restricted", "case_instance", ["key"], sqlite_where=RESTRICTED, postgresql_where=RESTRICTED
    )
    op.create_table(
        "case_reader",
        sa.Column("key", KEY, primary_key=True, autoincrement=False),
        sa.Column("case", KEY, nullable=False),
        sa.Column("person", KEY),
        sa.Column("role", sa.Text()),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("since", KEY, nullable=False),
        sa.Column("until", KEY),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_index("ix_case_reader_case", "case_reader", ["case"])
    op.create_index("ix_case_reader_person", "case_reader", ["person"])
    op.create_index("ix_case_reader_role", "case_reader", ["role", "region"])
