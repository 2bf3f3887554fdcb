"""Which cases of a region are open, by number: for forms in which a person names one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from engine.queries.joined import CASES
from engine.store import tables as t
from engine.store.scope import open_to_all, within
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that has not ended, without anything of its content."""

    number: str
    process: str
    process_name: str


def open_cases(transaction: Transaction, region: str, besides: Collection[str], most: int) -> Sequence[OpenCase]:
    """Return the open cases in the region (a prefix), newest first, without those of the processes ``besides``.

    Restricted cases are left out, because whoever fills in the form sees all of them.
    """
    c = t.case.c
    found = (
        sa.select(c.number, c.process, t.definition.c.name)
        .select_from(CASES)
        .where(within(c.region, region), open_to_all(c), c.ended_at.is_(None), c.process.not_in(list(besides)))
        .order_by(c.key.desc())
        .limit(most)
    )
    return [OpenCase(row.number, row.process, row.name) for row in transaction.execute(found)]
