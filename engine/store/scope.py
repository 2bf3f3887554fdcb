"""A Scope as SQL: the only place where reach becomes a WHERE clause."""

from __future__ import annotations

import sqlalchemy as sa

from engine.access import Scope


def in_scope(region: sa.ColumnElement[str], reach: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that the region lies within the scope."""
    if "" in reach.regions:
        return sa.true()
    return sa.or_(sa.false(), *(within(region, prefix) for prefix in reach.regions))


def offered(role: sa.ColumnElement[str | None], region: sa.ColumnElement[str], reach: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that a task is offered to one of the scope's roles in its region."""
    return sa.or_(sa.false(), *(sa.and_(role == name, within(region, prefix)) for name, prefix in reach.grants))


def within(region: sa.ColumnElement[str], prefix: str) -> sa.ColumnElement[bool]:
    """Return the condition that a region code lies inside the prefix; ``""`` is everywhere."""
    # A half-open range of digit strings uses the index under every collation; LIKE does not.
    return sa.true() if not prefix else sa.and_(region >= prefix, region < str(int(prefix) + 1))
