"""Who had whose data queried, when, from which departments, in which case and what for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.access import Scope
from engine.store.scope import in_scope, within
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers.residents import Resident, Residents
from workflows.registers.tables import authorisation, check_source_call, query_log

_REQUESTS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """One person asked about for one request; ``sources`` are the departments' names, ``by`` is empty where unknown.

    ``authorised_from`` and ``authorised_to`` are the authorisation's days, ``withdrawn_at`` when it was taken back.
    """

    at: datetime
    case: int
    number: str
    by: str
    purpose: str
    person: Resident
    sources: tuple[str, ...]
    authorised_from: date
    authorised_to: date
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class AskedPage:
    """Lines, newest request first; ``total`` counts the lines of all pages, ``next`` is where the next begins."""

    lines: Sequence[Asked]
    total: int
    next: int | None


class QueryLog:
    """The log as seen with the keys that tell who the persons are."""

    def __init__(self, keyring: Keyring) -> None:
        self._residents = Residents(keyring)

    def page(
        self, transaction: Transaction, reach: Scope, *, region: str = "", q: str = "", after: int | None = None
    ) -> AskedPage:
        """Return what was asked within the reach; ``q`` is a case number or an identity number, whole.

        Queries of restricted cases are there for the readers of these alone (Social Assistance Law, article 70(6)).
        """
        conditions = [in_scope(_q, reach), within(_q.region, region)]
        if q:
            resident = self._residents.find(transaction, q.upper())
            conditions.append(_q.number == q if resident is None else _q.resident == resident)
        lines = sa.select(_q.request, _q.resident).where(*conditions).distinct().subquery()
        total = transaction.execute(sa.select(sa.func.count()).select_from(lines)).scalar_one()
        later = [] if after is None else [_q.request < after]
        wanted = sa.select(_q.request).where(*conditions, *later).distinct().order_by(_q.request.desc())
        requests = transaction.execute(wanted.limit(_REQUESTS_A_PAGE + 1)).scalars().all()
        shown = requests[:_REQUESTS_A_PAGE]
        more = shown[-1] if len(requests) > len(shown) else None
        return AskedPage(self._lines(transaction, [*conditions, _q.request.in_(shown)]), int(total), more)

    def _lines(self, transaction: Transaction, conditions: Sequence[sa.ColumnElement[bool]]) -> Sequence[Asked]:
        lines: dict[tuple[int, int], list[sa.Row[Any]]] = {}
        days: dict[int, date] = {}
        for row in transaction.execute(_ROWS.where(*conditions)):
            lines.setdefault((row.request, row.resident), []).append(row)
            days[row.resident] = row.asked_at.date()
        people = {resident: self._person(transaction, resident, on) for resident, on in days.items()}
        return [_asked(rows, people[resident]) for (_, resident), rows in lines.items()]

    def _person(self, transaction: Transaction, resident: int, on: date) -> Resident:
        known = self._residents.read(transaction, resident, on)
        return Resident("") if known is None else known.person


def _asked(rows: Sequence[sa.Row[Any]], person: Resident) -> Asked:
    """Return one line; it has a row for each department that was asked."""
    first, sources = rows[0], tuple(row.source_name for row in rows)
    return Asked(
        first.asked_at, first.case, first.number, first.asked_by or "", first.purpose, person,
        sources, first.valid_from, first.valid_to, first.withdrawn_at,
    )  # fmt: skip


_q, _a, _call = query_log.c, authorisation.c, check_source_call.c
_ROWS = (
    sa.select(
        query_log, _a.valid_from, _a.valid_to, _a.withdrawn_at,
        sa.func.coalesce(_call.name, _q.source).label("source_name"),
    )
    .join(authorisation, _a.key == _q.authorisation)
    .outerjoin(check_source_call, sa.and_(_call.request == _q.request, _call.source == _q.source))
    .order_by(_q.request.desc(), _q.resident, _q.asked_at, _q.source)
)  # fmt: skip
