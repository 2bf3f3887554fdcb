"""Cases and processes that stand still, tokens moved by two people, and repairs of many incidents."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0007"
down_revision = "engine_0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PENDING = sa.text("status = 'pending'")
UNFINISHED = sa.text("finished_at IS NULL")


def upgrade() -> None:
    # With defaults, so that a node of the version before can still write cases and jobs.
    zero = sa.text("0")
    op.add_column("case_instance", sa.Column("suspended", sa.Integer(), nullable=False, server_default=zero))
    op.add_column("job", sa.Column("streak", sa.Integer(), nullable=False, server_default=zero))
    op.create_table(
        "suspension",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person", KEY, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", KEY, nullable=False),
        sa.Column("lifted_at", KEY, nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_suspension")),
    )
    op.create_index("ix_suspension_subject", "suspension", ["subject"], unique=False)
    op.create_table(
        "modification",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("case", KEY, nullable=False),
        sa.Column("plan", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requester", KEY, nullable=False),
        sa.Column("requester_name", sa.Text(), nullable=False),
        sa.Column("requested_at", KEY, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decider", KEY, nullable=True),
        sa.Column("decider_name", sa.Text(), nullable=True),
        sa.Column("decided_at", KEY, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_modification")),
    )
    op.create_index(op.f("ix_modification_case"), "modification", ["case"], unique=False)
    op.create_index(
        "ix_modification_pending",
        "modification",
        ["region", "key"],
        unique=False,
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )
    op.create_table(
        "repair",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("requested_at", KEY, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("finished_at", KEY, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_repair")),
    )
    op.create_index(
        "ix_repair_unfinished", "repair", ["key"], unique=False, sqlite_where=UNFINISHED, postgresql_where=UNFINISHED
    )
    op.create_table(
        "repair_item",
        sa.Column("repair", KEY, autoincrement=False, nullable=False),
        sa.Column("incident", KEY, autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("message_zh", sa.Text(), nullable=True),
        sa.Column("message_en", sa.Text(), nullable=True),
        sa.Column("done_at", KEY, nullable=True),
        sa.PrimaryKeyConstraint("repair", "incident", name=op.f("pk_repair_item")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_repair_item_status", "repair_item", ["repair", "status"], unique=False)
