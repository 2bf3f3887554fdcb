"""Who may know of a restricted case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access import Reader, Subject
from engine.model import Grant
from engine.store import tables as t
from engine.store.cases import CaseRow
from engine.store.keys import new_key
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """One reader of a restricted case; ``until`` is None while it lasts."""

    key: int
    person: int | None
    role: str | None
    region: str
    since: datetime
    until: datetime | None
    granted_by: str
    reason: str


def subject_of_case(transaction: Transaction, case: CaseRow, part: Subject | None = None) -> Subject:
    """Return what access predicates look at in a case, or in a part of it."""
    subject = part or Subject(case.region)
    return replace(subject, readers=_readers(transaction, case.key)) if case.restricted else subject


def subject_within(transaction: Transaction, case: int | None, subject: Subject) -> Subject:
    """Return the subject as a part of the case, which only its readers know of when it is restricted."""
    if case is None or not transaction.execute(_IS_RESTRICTED, {"case_": case}).scalar():
        return subject
    return replace(subject, readers=_readers(transaction, case))


def of_case(transaction: Transaction, case: int) -> tuple[ReaderRow, ...]:
    """Return everybody who may know of the case now, in the order they were named."""
    return tuple(transaction.every(ReaderRow, _OF_CASE, {"case_": case}))


def add(
    transaction: Transaction,
    case: int,
    *,
    people: Iterable[int] = (),
    roles: Iterable[Grant] = (),
    by: str,
    reason: str,
) -> None:
    """Name readers of the case; those who are named already are left as they are."""
    known = {(row.person, row.role, row.region) for row in of_case(transaction, case)}
    wanted = [(person, None, "") for person in people] + [(None, grant.role, grant.region) for grant in roles]
    rows: list[dict[str, Any]] = [
        {
            "key": new_key(), "case": case, "person": person, "role": role, "region": region,
            "since": transaction.now, "until": None, "granted_by": by, "reason": reason,
        }
        for person, role, region in dict.fromkeys(wanted)
        if (person, role, region) not in known
    ]  # fmt: skip
    transaction.insert(t.case_reader, rows)


def end(transaction: Transaction, key: int) -> None:
    """Let somebody no longer be a reader from now on."""
    transaction.execute(_END, {"key_": key, "until": transaction.now})


def _readers(transaction: Transaction, case: int) -> tuple[Reader, ...]:
    return tuple(Reader(row.person, row.role, row.region) for row in of_case(transaction, case))


_r = t.case_reader.c
_OF_CASE = (
    sa.select(*(_r[name] for name in ReaderRow.__slots__))
    .where(_r.case == sa.bindparam("case_"), _r.until.is_(None))
    .order_by(_r.key)
)
_IS_RESTRICTED = sa.select(t.case.c.restricted).where(t.case.c.key == sa.bindparam("case_"))
_END = t.case_reader.update().where(_r.key == sa.bindparam("key_")).values(until=sa.bindparam("until"))
