"""Reports of changes in households: who reported what, what was found true, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from engine.store.transaction import Transaction
from engine.store.upsert import replacing
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import change_report


@dataclass(frozen=True, slots=True)
class Report:
    """A reported change; ``source`` is who reported (village_assistant, citizen, institution, department, data)."""

    kind: str
    source: str
    happened_on: date
    household: int | None = None
    resident: int | None = None


def report(transaction: Transaction, case: CaseRef, what: Report) -> None:
    """Write the case's report; written again it is corrected."""
    row = {"region": case.region, "case": case.key, "number": case.number, "reported_at": transaction.now}
    unsettled = {"verified": None, "effect": None, "effective_from": None, "settled_at": None}
    _REPORT.run(transaction, [row | asdict(what) | unsettled])


def settle(
    transaction: Transaction, case: CaseRef, verified: str, effect: str, effective_from: date | None = None
) -> None:
    """Write what was found true of the case's report and what came of it."""
    c = change_report.c
    settled = change_report.update().where(c.region == case.region, c.case == case.key)
    values = {"verified": verified, "effect": effect, "effective_from": effective_from}
    transaction.execute(settled.values(values | {"settled_at": transaction.now}))


def of_household(transaction: Transaction, household: int) -> Sequence[tuple[str, str, str | None]]:
    """Return number, kind and effect of the household's reports, newest first."""
    c = change_report.c
    statement = sa.select(c.number, c.kind, c.effect).where(c.household == household)
    rows = transaction.execute(statement.order_by(c.reported_at.desc(), c.case.desc()))
    return [(row.number, row.kind, row.effect) for row in rows]


_REPORT = replacing(change_report, "kind", "source", "happened_on", "household", "resident")
