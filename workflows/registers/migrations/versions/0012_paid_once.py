"""A month is paid once: the household of a line, and triggers that refuse a second payment whatever code does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "registers_0012"
down_revision = "registers_0011"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_GONE_OF_HOUSEHOLD = sa.text("household IS NOT NULL AND state IN ('sent', 'paid')")


def upgrade() -> None:
    """Add the column, fill it for the benefit of households, and create index and triggers."""
    op.add_column("payroll_line", sa.Column("household", _KEY))
    op.execute(
        "UPDATE payroll_line SET household = (SELECT r.household FROM roster r WHERE r.key = payroll_line.entry) "
        "WHERE benefit = 'dibao'"
    )
    op.create_index(
        "uq_payroll_line_household",
        "payroll_line",
        ["benefit", "household", "for_month", "part"],
        unique=True,
        sqlite_where=_GONE_OF_HOUSEHOLD,
        postgresql_where=_GONE_OF_HOUSEHOLD,
    )
    for statement in _GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


_TWICE = "payroll_line: this month was paid already"
_FINAL = "payroll_line: what went to the bank stays as it went"
# Another entry of the same person or household, or more than the most any decision ever set for the month.
_OTHER = """
    SELECT 1 FROM payroll_line o
    WHERE o.benefit = NEW.benefit AND o.for_month = NEW.for_month AND o.entry <> NEW.entry
      AND o.state IN ('sent', 'paid') AND o.{whose} = NEW.{whose}"""
_SUM = """
    (SELECT SUM(o.amount) FROM payroll_line o
     WHERE o.entry = NEW.entry AND o.for_month = NEW.for_month AND o.state IN ('sent', 'paid'))
    > COALESCE((SELECT MAX(a.amount) FROM roster_amount a
       WHERE a.entry = NEW.entry AND a.valid_from <= NEW.for_month
         AND (a.valid_to IS NULL OR a.valid_to > NEW.for_month)), 0)"""
_PAID_TWICE = f"EXISTS ({_OTHER.format(whose='holder')}) OR EXISTS ({_OTHER.format(whose='household')}) OR {_SUM}"
# A file that the bank refused or gave back frees its lines; nothing else does but the bank's own return.
_CHANGED = """
    OLD.state IN ('sent', 'paid') AND (
      NEW.entry <> OLD.entry OR NEW.for_month <> OLD.for_month OR NEW.amount <> OLD.amount
      OR NEW.benefit <> OLD.benefit OR NEW.holder <> OLD.holder)
    OR OLD.state = 'paid' AND NEW.state <> 'paid'
    OR OLD.state = 'sent' AND NEW.state NOT IN ('sent', 'paid', 'returned') AND NOT (
      NEW.state = 'ready' AND EXISTS (
        SELECT 1 FROM payroll_batch b WHERE b.key = OLD.batch AND b.state IN ('rejected', 'recalled')))"""
_LEAVES = "NEW.state IN ('sent', 'paid') AND OLD.state NOT IN ('sent', 'paid')"
# A backup is filled table by table: this one while the rosters are still empty.
_ENTERS = "NEW.state IN ('sent', 'paid') AND EXISTS (SELECT 1 FROM roster)"
_GUARDS = {
    "sqlite": (
        f"CREATE TRIGGER payroll_line_paid_once AFTER UPDATE ON payroll_line WHEN {_LEAVES} "
        f"BEGIN SELECT RAISE(ABORT, '{_TWICE}') WHERE {_PAID_TWICE}; END",
        f"CREATE TRIGGER payroll_line_entered_once AFTER INSERT ON payroll_line WHEN {_ENTERS} "
        f"BEGIN SELECT RAISE(ABORT, '{_TWICE}') WHERE {_PAID_TWICE}; END",
        f"CREATE TRIGGER payroll_line_final BEFORE UPDATE ON payroll_line WHEN {_CHANGED} "
        f"BEGIN SELECT RAISE(ABORT, '{_FINAL}'); END",
        "CREATE TRIGGER payroll_line_kept BEFORE DELETE ON payroll_line WHEN OLD.state IN ('sent', 'paid') "
        f"BEGIN SELECT RAISE(ABORT, '{_FINAL}'); END",
    ),
    "postgresql": (
        # One sends after the other, so that each sees what the other's file holds.
        "CREATE FUNCTION payroll_line_paid_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM pg_advisory_xact_lock(hashtext('payroll_line_paid_once')); "
        f"IF {_PAID_TWICE} THEN "
        f"RAISE EXCEPTION '{_TWICE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
        "CREATE FUNCTION payroll_line_entered_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_ENTERS} AND ({_PAID_TWICE}) THEN "
        f"RAISE EXCEPTION '{_TWICE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
        "CREATE FUNCTION payroll_line_final() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{_FINAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER payroll_line_paid_once AFTER UPDATE ON payroll_line "
        f"FOR EACH ROW WHEN ({_LEAVES}) EXECUTE FUNCTION payroll_line_paid_once()",
        "CREATE TRIGGER payroll_line_entered_once AFTER INSERT ON payroll_line "
        "FOR EACH ROW WHEN (NEW.state IN ('sent', 'paid')) EXECUTE FUNCTION payroll_line_entered_once()",
        "CREATE FUNCTION payroll_line_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_CHANGED} THEN "
        f"RAISE EXCEPTION '{_FINAL}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER payroll_line_final BEFORE UPDATE ON payroll_line "
        "FOR EACH ROW WHEN (OLD.state IN ('sent', 'paid')) EXECUTE FUNCTION payroll_line_changed()",
        "CREATE TRIGGER payroll_line_kept BEFORE DELETE ON payroll_line "
        "FOR EACH ROW WHEN (OLD.state IN ('sent', 'paid')) EXECUTE FUNCTION payroll_line_final()",
    ),
}
