"""Messages that wait, what is delivered later, and cases started by messages, signals and time."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0002"
down_revision = "engine_0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PENDING_TIMER = sa.text("kind = 'timer' AND status = 'waiting'")
BUFFERED = sa.text("status = 'buffered'")
ALIVE = sa.text("status IN ('buffered', 'received')")
KNOWN = sa.text("message_id IS NOT NULL AND status IN ('buffered', 'received')")
PENDING_START = sa.text("status = 'waiting'")


def upgrade() -> None:
    _index("ix_job_timer", "job", ["due_at", "key"], PENDING_TIMER)
    _subscriptions()
    _messages()
    _starts()


def _subscriptions() -> None:
    op.add_column("subscription", sa.Column("kind", sa.Text(), nullable=False, server_default="message"))
    op.add_column("subscription", sa.Column("since", KEY, nullable=True))
    op.add_column("subscription", sa.Column("shown_key", sa.LargeBinary(), nullable=True))


def _messages() -> None:
    op.create_table(
        "message",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("message_id", sa.LargeBinary(), nullable=True),
        sa.Column("published_at", KEY, nullable=False),
        sa.Column("expires_at", KEY, nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("case", KEY, nullable=True),
        sa.Column("process", sa.Text(), nullable=True),
        sa.Column("element", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("received_by", KEY, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_message")),
    )
    _index("ix_message_buffered", "message", ["name", "correlation", "key"], BUFFERED)
    _index("ix_message_alive", "message", ["expires_at"], ALIVE)
    _index("ix_message_once", "message", ["name", "correlation", "message_id"], KNOWN, unique=True)
    op.create_index("ix_message_region_status", "message", ["region", "status", "key"])
    op.create_table(
        "delivery",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("message", KEY, nullable=True),
        sa.Column("subscription", KEY, nullable=True),
        sa.Column("start", KEY, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_message"), "delivery", ["message"])


def _starts() -> None:
    op.create_table(
        "start_event",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("definition", KEY, nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_start_event")),
    )
    op.create_index("ix_start_event_name_kind", "start_event", ["name", "kind"])
    op.create_index("ix_start_event_process", "start_event", ["process"])
    op.create_table(
        "started_by_message",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation", sa.LargeBinary(), nullable=False),
        sa.Column("case", KEY, nullable=False),
        sa.PrimaryKeyConstraint("process", "name", "correlation", name=op.f("pk_started_by_message")),
    )
    op.create_index(op.f("ix_started_by_message_case"), "started_by_message", ["case"])
    op.create_table(
        "start_timer",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("definition", KEY, nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("expression", sa.Text(), nullable=False),
        sa.Column("due_at", KEY, nullable=False),
        sa.Column("schedule", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_start_timer")),
    )
    op.create_index("ix_start_timer_process", "start_timer", ["process"])
    _index("ix_start_timer_due", "start_timer", ["due_at", "key"], PENDING_START)


def _index(name: str, table: str, columns: list[str], where: sa.TextClause, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
