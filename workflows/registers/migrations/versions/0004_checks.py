"""The register of economic checks: requests, persons, calls, points, reports, the log of queries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0004"
down_revision = "registers_0003"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_REPORT = 'request, version, region, "case", number, result, assets, missing, hash, valid_until, issued_at, token'
_LOG = 'request, source, resident, region, "case", number, authorisation, purpose, asked_at'


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _key(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, _KEY, nullable=nullable)


def _bytes(name: str, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def upgrade() -> None:
    """Create the tables, and the triggers that keep reports and the log as they were written.

    What is sealed or blinded may be written anew, as when the master key changes.
    """
    op.create_table(
        "check_request",
        *(_key("key"), _text("region"), _key("case"), _text("number"), _text("origin"), _text("purpose")),
        *(_text("programme"), _text("residence"), _text("status"), _key("requested_at")),
        *(_key("opened_at", True), _key("closed_at", True), _key("token")),
        sa.CheckConstraint(
            "status IN ('requested', 'opened', 'reported', 'no_authorisation', 'withdrawn')",
            name=op.f("ck_check_request_known_status"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_check_request")),
        sa.UniqueConstraint("number", name=op.f("uq_check_request_number")),
        sa.UniqueConstraint("case", "token", name=op.f("uq_check_request_case_token")),
    )
    op.create_index("ix_check_request_case", "check_request", ["region", "case"], unique=False)
    op.create_table(
        "check_person",
        *(_key("request"), _text("member"), _text("region"), _key("resident"), _text("relation")),
        _key("authorisation", True),
        sa.PrimaryKeyConstraint("request", "member", name=op.f("pk_check_person")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_check_person_resident", "check_person", ["resident"], unique=False)
    op.create_table(
        "check_source_call",
        *(_key("request"), _text("source"), _text("region"), _text("name"), _text("status"), _text("way", True)),
        *(_key("asked_at"), _key("answered_at", True), _bytes("raw", True), _text("raw_hash", True)),
        sa.CheckConstraint(
            "status IN ('asked', 'answered', 'missing', 'purged')", name=op.f("ck_check_source_call_known_status")
        ),
        sa.PrimaryKeyConstraint("request", "source", name=op.f("pk_check_source_call")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "query_log",
        *(_key("request"), _text("source"), _key("resident"), _text("region"), _key("case"), _text("number")),
        *(_key("authorisation"), _text("purpose"), _key("asked_at")),
        sa.PrimaryKeyConstraint("request", "source", "resident", name=op.f("pk_query_log")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_query_log_resident", "query_log", ["resident", "asked_at"], unique=False)
    op.create_table(
        "sketch_point",
        *(_key("request"), sa.Column("version", sa.Integer(), nullable=False), _text("point"), _text("region")),
        *(_text("source"), _text("member"), _text("item"), _text("effect"), _text("severity")),
        sa.Column("verified", sa.Boolean(), nullable=True),
        *(_bytes("said"), _text("raw_hash", True)),
        sa.PrimaryKeyConstraint("request", "version", "point", name=op.f("pk_sketch_point")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "check_report",
        *(_key("request"), sa.Column("version", sa.Integer(), nullable=False), _text("region"), _key("case")),
        *(_text("number"), _text("result"), _text("assets"), _text("missing"), _bytes("body"), _text("hash")),
        *(sa.Column("valid_until", sa.Date(), nullable=False), _key("issued_at"), _key("token")),
        sa.PrimaryKeyConstraint("request", "version", name=op.f("pk_check_report")),
        sa.UniqueConstraint("number", name=op.f("uq_check_report_number")),
        sa.UniqueConstraint("case", "token", name=op.f("uq_check_report_case_token")),
        sqlite_with_rowid=False,
    )
    for statement in _AS_WRITTEN[op.get_bind().dialect.name]:
        op.execute(statement)


def _sqlite(table: str, columns: str) -> tuple[str, ...]:
    refusal = f"BEGIN SELECT RAISE(ABORT, '{table} stays as it was written'); END"
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table} {refusal}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refusal}",
    )


def _postgresql(table: str, columns: str) -> tuple[str, ...]:
    return (
        f"CREATE FUNCTION refuse_{table}_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} stays as it was written'; END $$",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_{table}_change()",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_{table}_change()",
    )


_AS_WRITTEN = {
    "sqlite": (*_sqlite("check_report", _REPORT), *_sqlite("query_log", _LOG)),
    "postgresql": (*_postgresql("check_report", _REPORT), *_postgresql("query_log", _LOG)),
}
