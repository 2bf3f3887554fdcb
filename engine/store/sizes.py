"""How many bytes of sealed data a case keeps, by what it is."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.transaction import Transaction


def stored_bytes(transaction: Transaction, case: int) -> dict[str, int]:
    """Return the sealed bytes of a case: its state, its iterations kept apart, its variables."""
    row = transaction.execute(_SIZES, {"case_": case}).one()
    return {name: int(value or 0) for name, value in row._mapping.items()}


def _sum(table: sa.Table, *columns: sa.Column[bytes]) -> sa.ScalarSelect[int]:
    lengths = sum((sa.func.coalesce(sa.func.length(column), 0) for column in columns), sa.literal(0))
    return sa.select(sa.func.sum(lengths)).where(table.c.case == sa.bindparam("case_")).scalar_subquery()


_SIZES = sa.select(
    _sum(t.case_state, t.case_state.c.state).label("state"),
    _sum(t.iteration, t.iteration.c.state, t.iteration.c.result).label("iterations"),
    _sum(t.variable, t.variable.c.value).label("variables"),
)
