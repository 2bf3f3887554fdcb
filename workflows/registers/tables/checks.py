"""The tables of the economic check: requests, whom they are about, calls to sources, points, reports, the query log."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tables import Instant, Key
from workflows.registers.tables.shape import metadata


def _request() -> sa.Column[int]:
    return sa.Column("request", Key, primary_key=True, autoincrement=False)


check_request = sa.Table(
    "check_request", metadata,
    sa.Column("key", Key, primary_key=True, autoincrement=False),
    sa.Column("region", sa.Text, nullable=False), sa.Column("case", Key, nullable=False),
    sa.Column("number", sa.Text, nullable=False), sa.Column("origin", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False), sa.Column("programme", sa.Text, nullable=False),
    sa.Column("residence", sa.Text, nullable=False), sa.Column("status", sa.Text, nullable=False),
    sa.Column("requested_at", Instant, nullable=False), sa.Column("opened_at", Instant),
    sa.Column("closed_at", Instant), sa.Column("token", Key, nullable=False),
    sa.UniqueConstraint("number"), sa.UniqueConstraint("case", "token"),
    sa.CheckConstraint(
        "status IN ('requested', 'opened', 'reported', 'no_authorisation', 'withdrawn')", name="known_status"
    ),
    sa.Index("ix_check_request_case", "region", "case"),
)  # fmt: skip

check_person = sa.Table(
    "check_person", metadata,
    _request(), sa.Column("member", sa.Text, primary_key=True), sa.Column("region", sa.Text, nullable=False),
    sa.Column("resident", Key, nullable=False), sa.Column("relation", sa.Text, nullable=False),
    sa.Column("authorisation", Key), sa.Index("ix_check_person_resident", "resident"), sqlite_with_rowid=False,
)  # fmt: skip

check_source_call = sa.Table(
    "check_source_call", metadata,
    _request(), sa.Column("source", sa.Text, primary_key=True), sa.Column("region", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False), sa.Column("status", sa.Text, nullable=False),
    sa.Column("way", sa.Text), sa.Column("asked_at", Instant, nullable=False), sa.Column("answered_at", Instant),
    sa.Column("raw", sa.LargeBinary), sa.Column("raw_hash", sa.Text),
    sa.CheckConstraint("status IN ('asked', 'answered', 'missing', 'purged')", name="known_status"),
    sqlite_with_rowid=False,
)  # fmt: skip

query_log = sa.Table(
    "query_log", metadata,
    _request(), sa.Column("source", sa.Text, primary_key=True),
    sa.Column("resident", Key, primary_key=True, autoincrement=False), sa.Column("region", sa.Text, nullable=False),
    sa.Column("case", Key, nullable=False), sa.Column("number", sa.Text, nullable=False),
    sa.Column("authorisation", Key, nullable=False), sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("asked_by", sa.Text),
    sa.Column("asked_at", Instant, nullable=False), sa.Index("ix_query_log_resident", "resident", "asked_at"),
    sqlite_with_rowid=False,
)  # fmt: skip

sketch_point = sa.Table(
    "sketch_point", metadata,
    _request(), sa.Column("version", sa.Integer, primary_key=True), sa.Column("point", sa.Text, primary_key=True),
    sa.Column("region", sa.Text, nullable=False), sa.Column("source", sa.Text, nullable=False),
    sa.Column("member", sa.Text, nullable=False), sa.Column("item", sa.Text, nullable=False),
    sa.Column("effect", sa.Text, nullable=False), sa.Column("severity", sa.Text, nullable=False),
    sa.Column("verified", sa.Boolean), sa.Column("said", sa.LargeBinary, nullable=False),
    sa.Column("raw_hash", sa.Text), sqlite_with_rowid=False,
)  # fmt: skip

check_report = sa.Table(
    "check_report", metadata,
    _request(), sa.Column("version", sa.Integer, primary_key=True), sa.Column("region", sa.Text, nullable=False),
    sa.Column("case", Key, nullable=False), sa.Column("number", sa.Text, nullable=False),
    sa.Column("result", sa.Text, nullable=False), sa.Column("assets", sa.Text, nullable=False),
    sa.Column("missing", sa.Text, nullable=False), sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.Text, nullable=False), sa.Column("valid_until", sa.Date, nullable=False),
    sa.Column("issued_at", Instant, nullable=False), sa.Column("token", Key, nullable=False),
    sa.UniqueConstraint("number"), sa.UniqueConstraint("case", "token"),
    sqlite_with_rowid=False,
)  # fmt: skip
