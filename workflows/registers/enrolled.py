"""The rosters as people read them: who draws what within their reach, entry by entry, and how much a month in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.access import Scope
from engine.queries.page import Page, read_mark, write_mark
from engine.store import tables as t
from engine.store.scope import in_scope, visible, within
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers.benefits import Benefit, benefits, public_benefits
from workflows.registers.bitemporal import holding
from workflows.registers.residents import Resident, Residents
from workflows.registers.rosters import enrolling_case
from workflows.registers.tables import LIVE_STATES, household_member, roster, roster_amount, roster_event

_ENTRIES_A_PAGE = 50
_COUNTY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; an empty field narrows nothing.

    ``q`` is the number of an entry or of a case that changed it, or an identity number, whole.
    """

    benefit: str = ""
    states: tuple[str, ...] = LIVE_STATES
    region: str = ""
    q: str = ""
    due_by: date | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One entry; ``amount`` is what it draws a month today in fen, None where nothing is paid.

    ``case`` is the case that enrolled it, None unless the person may open it.
    """

    key: int
    number: str
    case: int | None
    benefit: Benefit
    holder: Resident
    region: str
    state: str
    class_: str | None
    tier: str | None
    amount: int | None
    since: date
    until: date | None
    next_review: date | None


@dataclass(frozen=True, slots=True)
class EnrolledPage(Page[Enrolled]):
    """Entries, newest first; ``amount`` is what all pages' entries draw a month in fen, ``suspended`` the part held back."""

    amount: int
    suspended: int


class EnrolledList:
    """The list as seen with the keys that tell who the holders are."""

    def __init__(self, keyring: Keyring) -> None:
        self._residents = Residents(keyring)

    def page(
        self, transaction: Transaction, reach: Scope, cases: Scope, wanted: Wanted, today: date, after: str | None = None
    ) -> EnrolledPage:
        """Return the entries within the reach as they stand today; ``cases`` are those the person may open."""
        conditions = self._conditions(transaction, reach, wanted, today)
        total = transaction.execute(_total(conditions, today)).one()
        mark = read_mark(after, 1)
        later = [] if mark is None else [_r.key < mark[0]]
        found = transaction.execute(_entries([*conditions, *later], cases, today)).all()
        shown = found[:_ENTRIES_A_PAGE]
        more = write_mark(shown[-1].key) if len(found) > len(shown) else None
        return EnrolledPage(self._rows(transaction, shown, today), total.entries, more, int(total.amount), int(total.held))

    def _conditions(
        self, transaction: Transaction, reach: Scope, wanted: Wanted, today: date
    ) -> list[sa.ColumnElement[bool]]:
        conditions = [_of_benefit(reach, wanted), in_scope(_r, reach), within(_r.region, wanted.region)]
        if wanted.states:
            conditions.append(_r.state.in_(wanted.states))
        if wanted.due_by is not None:
            conditions.append(_r.next_review <= wanted.due_by)
        if wanted.q:
            resident = self._residents.find(transaction, wanted.q.upper())
            found = _numbered(reach, wanted.q) if resident is None else _drawn_by(reach, resident, today)
            conditions.append(_r.key.in_(found))
        return conditions

    def _rows(self, transaction: Transaction, found: Sequence[sa.Row[Any]], today: date) -> tuple[Enrolled, ...]:
        people = self._residents.persons(transaction, list({row.holder for row in found}), today)
        return tuple(_enrolled(row, people[row.holder]) for row in found)


def _enrolled(row: sa.Row[Any], holder: Resident) -> Enrolled:
    return Enrolled(
        row.key, row.number, row.opens, benefits()[row.benefit], holder, row.region, row.state,
        row.class_, row.tier, row.amount or None, row.since, row.until, row.next_review,
    )  # fmt: skip


def _of_benefit(reach: Scope, wanted: Wanted) -> sa.ColumnElement[bool]:
    listed = {wanted.benefit} & public_benefits().keys() or public_benefits().keys()
    # The index of the benefits is for one county: much of the table is read faster in its own order, and what is
    # looked for has an index that finds it.
    if wanted.q or (not wanted.region and any(len(prefix) < _COUNTY_DIGITS for prefix in reach.regions)):
        return _r.benefit.not_in(sorted(benefits().keys() - listed))
    return _r.benefit.in_(sorted(listed))


def _drawn_by(reach: Scope, resident: int, today: date) -> sa.CompoundSelect[Any]:
    """Return the entries the person holds, and those shared with the household."""
    homes = sa.select(_m.household).where(
        _m.resident == resident, *holding(household_member, today), visible(_m, reach)
    )
    own = [one.id for one in benefits().values() if one.of == "person"]
    held = sa.select(_s.key).where(_s.holder == resident)
    return sa.union(held, sa.select(_s.key).where(_s.household.in_(homes), _s.benefit.not_in(own)))


def _numbered(reach: Scope, number: str) -> sa.CompoundSelect[Any]:
    """Return the entries with the number, and those that the case of this number changed."""
    case = sa.select(t.case.c.key).where(t.case.c.number == number, visible(t.case.c, reach))
    changed = sa.select(roster_event.c.entry).where(roster_event.c.case.in_(case))
    return sa.union(sa.select(_s.key).where(_s.number == number), changed)


def _total(conditions: Sequence[sa.ColumnElement[bool]], today: date) -> sa.Select[Any]:
    held = sa.case((_r.state == "suspended", _a.amount), else_=0)
    return (
        sa.select(
            sa.func.count().label("entries"),
            sa.func.coalesce(sa.func.sum(_a.amount), 0).label("amount"),
            sa.func.coalesce(sa.func.sum(held), 0).label("held"),
        )
        .select_from(roster.outerjoin(roster_amount, _drawn_today(_r.key, today)))
        .where(*conditions)
    )


def _entries(conditions: Sequence[sa.ColumnElement[bool]], cases: Scope, today: date) -> sa.Select[Any]:
    picked = sa.select(_r.key).where(*conditions).order_by(_r.key.desc()).limit(_ENTRIES_A_PAGE + 1).subquery()
    return (
        sa.select(
            _r.key, _r.number, t.case.c.key.label("opens"), _r.benefit, _r.holder, _r.region, _r.state,
            _r["class"].label("class_"), _a.tier, _a.amount, _r.since, _r.until, _r.next_review,
        )
        .select_from(picked)
        .join(roster, _r.key == picked.c.key)
        .outerjoin(roster_amount, _drawn_today(picked.c.key, today))
        .outerjoin(t.case, enrolling_case(cases))
        .order_by(picked.c.key.desc())
    )  # fmt: skip


def _drawn_today(entry: sa.ColumnElement[int], today: date) -> sa.ColumnElement[bool]:
    return sa.and_(_a.entry == entry, *holding(roster_amount, today))


_r, _a, _m = roster.c, roster_amount.c, household_member.c
# What is looked for is found in a select of its own, and so by indexes of its own.
_s = roster.alias("sought").c
