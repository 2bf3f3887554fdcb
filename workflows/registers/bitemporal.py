"""Rows that say what holds from a day on and since when we know it: what was believed before stays readable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.store.keys import new_key
from engine.store.transaction import Transaction

Same = Callable[[sa.RowMapping], bool]
_TIMES = frozenset({"key", "valid_from", "valid_to", "recorded_from", "recorded_to"})


@dataclass(frozen=True, slots=True)
class Timeline:
    """A table of such rows; ``owner`` is the row whose lock keeps two writers of one timeline apart."""

    table: sa.Table
    owner: sa.Table
    owner_key: str
    identity: tuple[str, ...]

    def state(
        self,
        transaction: Transaction,
        of: Mapping[str, Any],
        values: Mapping[str, Any],
        since: date,
        until: date | None = None,
        same: Same | None = None,
    ) -> bool:
        """Write that ``values`` (with the case that says so) hold from ``since`` to before ``until``, None for open.

        Returns False and writes nothing where that is known already; ``same`` compares rows whose values are sealed.
        """
        rows = self._overlapping(transaction, of, since, until)
        if len(rows) == 1 and _covers(rows[0], since, until) and (same or _equal(values))(rows[0]):
            return False
        said = {**of, **values, "valid_from": since, "valid_to": until}
        self._replace(transaction, rows, [*(piece for row in rows for piece in _outside(row, since, until)), said])
        return True

    def end(self, transaction: Transaction, of: Mapping[str, Any], since: date) -> bool:
        """Return whether something held on or after ``since`` and does not any more."""
        rows = self._overlapping(transaction, of, since, None)
        self._replace(transaction, rows, [piece for row in rows for piece in _outside(row, since, None)])
        return bool(rows)

    def _overlapping(
        self, transaction: Transaction, of: Mapping[str, Any], since: date, until: date | None
    ) -> Sequence[sa.RowMapping]:
        key = self.owner.c.key
        transaction.execute(sa.select(key).where(key == of[self.owner_key]).with_for_update())
        c = self.table.c
        overlapping = [c.recorded_to.is_(None), sa.or_(c.valid_to.is_(None), c.valid_to > since)]
        overlapping += [c[name] == of[name] for name in self.identity]
        if until is not None:
            overlapping.append(c.valid_from < until)
        return transaction.execute(sa.select(self.table).where(*overlapping)).mappings().all()

    def _replace(
        self, transaction: Transaction, rows: Sequence[sa.RowMapping], said: Sequence[Mapping[str, Any]]
    ) -> None:
        """The rows are known no longer from now on; what is said instead is known from now on."""
        if rows:
            known = self.table.update().where(self.table.c.key.in_([row["key"] for row in rows]))
            transaction.execute(known.values(recorded_to=transaction.now))
        new = {"recorded_from": transaction.now, "recorded_to": None}
        if said:
            transaction.insert(self.table, [{**one, **new, "key": new_key()} for one in said])


def holding(table: sa.FromClause, on: Any, known_at: Any = None) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of the rows that hold on the day, as known at the moment, by default now.

    Day and moment are values, parameters or columns.
    """
    c = table.c
    conditions = [c.valid_from <= on, sa.or_(c.valid_to.is_(None), c.valid_to > on)]
    if known_at is None:
        return [*conditions, c.recorded_to.is_(None)]
    return [*conditions, c.recorded_from <= known_at, sa.or_(c.recorded_to.is_(None), c.recorded_to > known_at)]


def _covers(row: sa.RowMapping, since: date, until: date | None) -> bool:
    ends = row["valid_to"]
    return row["valid_from"] <= since and (ends is None or (until is not None and ends >= until))


def _equal(values: Mapping[str, Any]) -> Same:
    compared = {name: value for name, value in values.items() if name != "case"}
    return lambda row: all(row[name] == value for name, value in compared.items())


def _outside(row: sa.RowMapping, since: date, until: date | None) -> list[dict[str, Any]]:
    values = {str(name): value for name, value in row.items() if name not in _TIMES}
    pieces = []
    if row["valid_from"] < since:
        pieces.append({**values, "valid_from": row["valid_from"], "valid_to": since})
    if until is not None and (row["valid_to"] is None or row["valid_to"] > until):
        pieces.append({**values, "valid_from": until, "valid_to": row["valid_to"]})
    return pieces
