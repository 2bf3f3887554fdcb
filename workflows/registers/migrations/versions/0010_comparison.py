"""The monthly comparison of the disability subsidies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0010"
down_revision = "registers_0009"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "compare_run",
        sa.Column("key", _KEY, primary_key=True, autoincrement=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("case", _KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("opened_at", _KEY, nullable=False),
        sa.Column("closed_at", _KEY),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.UniqueConstraint("county", "month", name=op.f("uq_compare_run_county_month")),
    )
    op.create_table(
        "compare_person",
        sa.Column("run", _KEY, nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("resident", _KEY),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("who", sa.LargeBinary()),
        sa.Column("sealed_as", _KEY),
        sa.Column("kind", sa.Text()),
        sa.Column("grade", sa.Integer()),
        sa.Column("ends_on", sa.Date()),
        sa.Column("renewal_on", sa.Date()),
        sa.Column("care_need", sa.Boolean(), nullable=False),
        sa.Column("died_on", sa.Date()),
        sa.Column("home", sa.Text()),
        sa.Column("custody", sa.Boolean(), nullable=False),
        sa.Column("work_injury", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", "person", name=op.f("pk_compare_person")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_compare_person_facts", "compare_person", ["run", "facts"])
    op.create_table(
        "compare_verdict",
        sa.Column("run", _KEY, nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("living", sa.Text(), nullable=False),
        sa.Column("care", sa.Text(), nullable=False),
        sa.Column("invite", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("run", "facts", name=op.f("pk_compare_verdict")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "compare_finding",
        sa.Column("run", _KEY, nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("resident", _KEY),
        sa.Column("living", sa.Text()),
        sa.Column("care", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("case", _KEY),
        sa.Column("number", sa.Text()),
        sa.Column("outcome", sa.Text()),
        sa.Column("quiet_until", sa.Date()),
        sa.Column("found_at", _KEY, nullable=False),
        sa.Column("settled_at", _KEY),
        sa.PrimaryKeyConstraint("run", "person", "queue", name=op.f("pk_compare_finding")),
        sa.CheckConstraint(
            "queue IN ('wrong', 'missed', 'expiring', 'yearly')", name=op.f("ck_compare_finding_known_queue")
        ),
        sa.CheckConstraint("state IN ('found', 'open', 'settled')", name=op.f("ck_compare_finding_known_state")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_compare_finding_county", "compare_finding", ["county", "queue", "state"])
    op.create_index("ix_compare_finding_case", "compare_finding", ["case"])
    op.create_index("ix_compare_finding_person", "compare_finding", ["person", "queue"])
    open_only = sa.text("state != 'settled'")
    op.create_index(
        "uq_compare_finding_open", "compare_finding", ["person", "queue"], unique=True,
        sqlite_where=open_only, postgresql_where=open_only,
    )  # fmt: skip
