"""Mismatches between who draws a subsidy and who is entitled: found in sets, worked on one by one, settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from engine.clock import add_months
from engine.store.tables import Instant
from engine.store.transaction import Transaction
from workflows.registers.bitemporal import holding
from workflows.registers.comparison.runs import CARE, LIVING, SUBSIDIES, month_of
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import (
    LIVE_STATES,
    OPEN_STATES,
    compare_finding,
    compare_person,
    compare_run,
    compare_verdict,
    roster,
    roster_amount,
)

NONE = "none"
DUE = "due"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the decision table says of people with these facts: reasons against each subsidy, or ``none``.

    ``invite`` is False for people who are not asked to apply though nothing speaks against them now.
    """

    facts: str
    living: str
    care: str
    invite: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A mismatch; ``living`` and ``care`` say why, None where that subsidy is not concerned."""

    run: int
    person: bytes
    queue: str
    region: str
    resident: int | None
    living: str | None
    care: str | None
    who: bytes | None
    sealed_as: int | None

    @property
    def reasons(self) -> Sequence[tuple[str, str]]:
        """Return the subsidies concerned, each with its reason."""
        both = ((LIVING, self.living), (CARE, self.care))
        return [(benefit, reason) for benefit, reason in both if reason is not None]

    @property
    def reference(self) -> str:
        """Return how a case names its mismatch."""
        return f"{self.run}/{self.queue}/{self.person.hex()}"


def find(transaction: Transaction, run: int, verdicts: Iterable[Verdict], warn_months: int) -> None:
    """Write every mismatch of the run that nobody works on yet; found again, nothing is written twice.

    Cards that end within so many months are warned of, entries due for their yearly verification are verified.
    """
    rows = [{"run": run, **asdict(one)} for one in verdicts]
    transaction.execute(compare_verdict.delete().where(compare_verdict.c.run == run))
    transaction.insert(compare_verdict, rows)
    month = month_of(transaction, run)
    names = {
        "of_run": run, "on": month, "next_month": add_months(month, 1), "warn": add_months(month, warn_months),
        "at": transaction.now,
    }  # fmt: skip
    for statement in (_WRONG, _MISSED, _EXPIRING, _YEARLY):
        transaction.execute(statement, names)


def waiting(transaction: Transaction, run: int, most: int) -> Sequence[Finding]:
    """Return the next mismatches of the run for which no case was begun, at most so many."""
    return transaction.every(Finding, _WAITING, {"of_run": run, "most": most})


def begun(transaction: Transaction, finding: Finding) -> None:
    """Write that a case takes up the mismatch."""
    transaction.execute(_BEGIN, {"of_run": finding.run, "of_person": finding.person, "of_queue": finding.queue})


def take(transaction: Transaction, case: CaseRef, reference: str) -> None:
    """Write which case works on the mismatch."""
    transaction.execute(_TAKE, {**_named(reference), "case_": case.key, "number_": case.number})


def settle(transaction: Transaction, reference: str, outcome: str, quiet_until: date | None) -> None:
    """Write what came of the mismatch; before ``quiet_until`` it is not found again."""
    values = {"outcome_": outcome, "quiet_": quiet_until, "at": transaction.now}
    transaction.execute(_SETTLE, {**_named(reference), **values})


def entries(transaction: Transaction, resident: int, benefit: str, on: date) -> tuple[int, int] | None:
    """Return the person's live entry of the benefit and its amount in fen on the day, None without one."""
    row = transaction.execute(_ENTRY, {"of_resident": resident, "of_benefit": benefit, "on": on}).first()
    return None if row is None else (int(row.key), int(row.amount or 0))


def _named(reference: str) -> dict[str, object]:
    run, queue, person = reference.split("/")
    return {"of_run": int(run), "of_queue": queue, "of_person": bytes.fromhex(person)}


_p, _f, _v, _run = compare_person.c, compare_finding.c, compare_verdict.c, compare_run.c
_on, _next = sa.bindparam("on", type_=sa.Date), sa.bindparam("next_month", type_=sa.Date)
_life, _care = (roster.alias(f"{benefit}_entry") for benefit in SUBSIDIES)


def _joined(entry: sa.FromClause, benefit: str) -> sa.ColumnElement[bool]:
    # Concatenated, the benefit is no reason to go through everybody who draws it.
    return sa.and_(entry.c.holder == _p.resident, entry.c.benefit.concat("") == benefit, entry.c.state.in_(LIVE_STATES))


_PEOPLE = (
    compare_person.join(compare_run, _run.key == _p.run)
    .join(compare_verdict, sa.and_(_v.run == _p.run, _v.facts == _p.facts))
    .outerjoin(_life, _joined(_life, LIVING))
    .outerjoin(_care, _joined(_care, CARE))
)


def _here(entry: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(entry.c.key.is_not(None), entry.c.region >= _run.county, entry.c.region < _run.county.concat("~"))


def _reason(condition: sa.ColumnElement[bool], reason: sa.ColumnElement[str]) -> sa.ColumnElement[str | None]:
    return sa.case((condition, reason), else_=sa.null())


def _found(
    queue: str, living: sa.ColumnElement[bool], care: sa.ColumnElement[bool], *told: sa.ColumnElement[str]
) -> sa.Insert:
    """The mismatches of a queue: where a subsidy is concerned, and the reason told for each."""
    known = compare_finding.alias("known")
    standing = sa.or_(known.c.state.in_(OPEN_STATES), known.c.quiet_until > _on)
    nobody_works_on_it = ~sa.exists().where(known.c.person == _p.person, known.c.queue == queue, standing)
    region = sa.func.coalesce(
        sa.case((_here(_life), _life.c.region)), sa.case((_here(_care), _care.c.region)), _p.region
    )
    reason_living, reason_care = told if told else (_v.living, _v.care)
    chosen = (
        sa.select(
            _p.run, _p.person, sa.literal(queue), _run.county, region, _p.resident, _reason(living, reason_living),
            _reason(care, reason_care), sa.literal("found"), sa.bindparam("at", type_=Instant),
        )
        .select_from(_PEOPLE)
        .where(_p.run == sa.bindparam("of_run"), sa.or_(living, care), nobody_works_on_it)
    )  # fmt: skip
    columns = ["run", "person", "queue", "county", "region", "resident", "living", "care", "state", "found_at"]
    return compare_finding.insert().from_select(columns, chosen)


def _wrong(entry: sa.FromClause, reason: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.and_(_here(entry), reason != NONE)


def _missed(entry: sa.FromClause, reason: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.and_(entry.c.key.is_(None), reason == NONE, _v.invite)


_ENDING = sa.and_(
    _p.ends_on >= _on, _p.ends_on < sa.bindparam("warn", type_=sa.Date), _p.renewal_on.is_(None),
)  # fmt: skip


def _expiring(entry: sa.FromClause, reason: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.and_(_here(entry), reason == NONE, _ENDING)


def _yearly(entry: sa.FromClause, reason: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.and_(_here(entry), reason == NONE, entry.c.next_review < _next)


_WRONG = _found("wrong", _wrong(_life, _v.living), _wrong(_care, _v.care))
_MISSED = _found("missed", _missed(_life, _v.living), _missed(_care, _v.care))
_DUE = sa.literal(DUE)
_EXPIRING = _found("expiring", _expiring(_life, _v.living), _expiring(_care, _v.care), _DUE, _DUE)
_YEARLY = _found("yearly", _yearly(_life, _v.living), _yearly(_care, _v.care), _DUE, _DUE)
_WAITING = (
    sa.select(
        _f.run, _f.person, _f.queue, _f.region, _f.resident, _f.living, _f.care, _p.who, _p.sealed_as
    )
    .join(compare_person, sa.and_(_p.run == _f.run, _p.person == _f.person))
    .where(_f.run == sa.bindparam("of_run"), _f.state == "found")
    .order_by(_f.queue, _f.person)
    .limit(sa.bindparam("most"))
)  # fmt: skip
_CHANGE = compare_finding.update().where(
    _f.run == sa.bindparam("of_run"), _f.person == sa.bindparam("of_person"), _f.queue == sa.bindparam("of_queue")
)
_BEGIN = _CHANGE.values(state="open")
_TAKE = _CHANGE.values(case=sa.bindparam("case_"), number=sa.bindparam("number_"))
_SETTLE = _CHANGE.values(
    state="settled",
    outcome=sa.bindparam("outcome_"),
    quiet_until=sa.bindparam("quiet_", type_=sa.Date),
    settled_at=sa.bindparam("at", type_=Instant),
)
_ENTRY = (
    sa.select(roster.c.key, roster_amount.c.amount)
    .outerjoin(
        roster_amount,
        sa.and_(
            roster_amount.c.entry == roster.c.key, *holding(roster_amount, _on),
        ),
    )
    .where(
        roster.c.holder == sa.bindparam("of_resident"), roster.c.benefit == sa.bindparam("of_benefit"),
        roster.c.state.in_(LIVE_STATES),
    )
)  # fmt: skip
