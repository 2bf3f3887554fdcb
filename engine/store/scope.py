"""A Scope as SQL: the only place where reach becomes a WHERE clause."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.access import Scope
from engine.store import tables as t

Columns = sa.ColumnCollection[str, sa.Column[Any]]


def in_scope(rows: Columns, reach: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that a row lies within the scope; ``rows`` are the columns of any table with a region.

    What belongs to a restricted case is within nobody's scope but its readers'.
    """
    if "" in reach.regions:
        return visible(rows, reach)
    here = sa.or_(sa.false(), *(within(rows["region"], prefix) for prefix in reach.regions))
    return sa.and_(here, visible(rows, reach))


def visible(rows: Columns, reach: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that a row belongs to no restricted case, or to one the person reads."""
    case = _case_of(rows)
    if case is None:
        return sa.true()
    hidden = sa.select(_c.key).where(_c.restricted == 1, _c.key.not_in(_read_by(reach)))
    open_to_all = case.not_in(hidden)
    return sa.or_(case.is_(None), open_to_all) if case.nullable else open_to_all


def open_to_all(rows: Columns) -> sa.ColumnElement[bool]:
    """Return the condition that a row belongs to no restricted case: figures that anybody may read count no other."""
    return visible(rows, _NOBODY)


def offered(role: sa.ColumnElement[str | None], region: sa.ColumnElement[str], reach: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that a task is offered to one of the scope's roles in its region."""
    return _held(role, region, reach.grants)


def within(region: sa.ColumnElement[str], prefix: str) -> sa.ColumnElement[bool]:
    """Return the condition that a region code lies inside the prefix; ``""`` is everywhere."""
    # A half-open range of digit strings uses the index under every collation; LIKE does not.
    return sa.true() if not prefix else sa.and_(region >= prefix, region < str(int(prefix) + 1))


def _case_of(rows: Columns) -> sa.Column[Any] | None:
    if rows is t.case.c or rows is t.case.columns:
        return t.case.c.key
    return rows.get("case")


def _read_by(reach: Scope) -> sa.Select[tuple[int]]:
    by_name = _r.person == reach.person if reach.person is not None else sa.false()
    by_role = _held(_r.role, _r.region, reach.holds)
    return sa.select(_r.case).where(_r.until.is_(None), sa.or_(by_name, by_role))


def _held(
    role: sa.ColumnElement[str | None], region: sa.ColumnElement[str], held: tuple[tuple[str, str], ...]
) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(sa.and_(role == name, within(region, prefix)) for name, prefix in held))


_NOBODY = Scope((), (), None)
# Under a name of its own: the rows looked at are often those of the cases themselves.
_restricted = t.case.alias("restricted_case")
_c, _r = _restricted.c, t.case_reader.c
