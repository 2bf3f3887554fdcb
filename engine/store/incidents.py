"""Faults that wait for somebody to see and mend them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.errors import ModelError
from engine.store import tables as t
from engine.store.cases import CaseRow
from engine.store.keys import new_key
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident as the store keeps it."""

    key: int
    region: str
    case: int | None
    job: int | None
    process: str
    element: str | None
    element_name: str | None
    kind: str
    message_zh: str
    message_en: str
    opened_at: datetime
    tries: int
    resolved_at: datetime | None
    resolved_by: str | None
    note: str | None


def open_or_count(
    transaction: Transaction, case: CaseRow, job: int | None, fault: ModelError, kind: str, tries: int, name: str | None
) -> int:
    """Return the open incident of the same job or element with its tries counted up, or a new one."""
    values = {"case_": case.key, "job_": job, "element_": fault.element}
    found = transaction.execute(_OPEN_OF_JOB if job is not None else _OPEN_AT, values).first()
    if found:
        return _count(transaction, found.key, found.tries + tries, fault)
    place = {"region": case.region, "case": case.key, "process": case.process}
    return _open(transaction, place, job, fault, kind, tries, name)


def open_or_count_start(
    transaction: Transaction, process: str, region: str, job: int, fault: ModelError, kind: str, name: str | None
) -> int:
    """Return the open incident of a case that could not begin with its tries counted up, or a new one."""
    found = transaction.execute(_OPEN_OF_JOB, {"job_": job}).first()
    if found:
        return _count(transaction, found.key, found.tries + 1, fault)
    return _open(transaction, {"region": region, "case": None, "process": process}, job, fault, kind, 1, name)


def _count(transaction: Transaction, key: int, tries: int, fault: ModelError) -> int:
    message = {"message_zh": fault.message.zh, "message_en": fault.message.en, "tries": tries}
    transaction.execute(t.incident.update().where(t.incident.c.key == key).values(**message))
    return key


def _open(
    transaction: Transaction, place: Mapping[str, object], job: int | None, fault: ModelError, kind: str, tries: int,
    name: str | None,
) -> int:  # fmt: skip
    row = {
        **place, "key": new_key(), "job": job, "element": fault.element, "element_name": name, "kind": kind,
        "message_zh": fault.message.zh, "message_en": fault.message.en, "opened_at": transaction.now, "tries": tries,
        "resolved_at": None, "resolved_by": None, "note": None,
    }  # fmt: skip
    transaction.execute(t.incident.insert(), row)
    return int(str(row["key"]))


def find(transaction: Transaction, key: int) -> IncidentRow | None:
    """Return an incident."""
    return transaction.first(IncidentRow, _FIND, {"key_": key})


def resolve(transaction: Transaction, key: int, by: str, note: str) -> None:
    """Mark an open incident as resolved."""
    values = {"key_": key, "resolved_at": transaction.now, "resolved_by": by, "note": note}
    transaction.execute(_RESOLVE, values)


_i = t.incident.c
_OPEN_OF_JOB = sa.select(_i.key, _i.tries).where(_i.job == sa.bindparam("job_"), _i.resolved_at.is_(None))
_OPEN_AT = sa.select(_i.key, _i.tries).where(
    _i.case == sa.bindparam("case_"), _i.element == sa.bindparam("element_"), _i.resolved_at.is_(None)
)
_FIND = sa.select(*(_i[name] for name in IncidentRow.__slots__)).where(_i.key == sa.bindparam("key_"))
_RESOLVE = (
    t.incident.update()
    .where(_i.key == sa.bindparam("key_"), _i.resolved_at.is_(None))
    .values({name: sa.bindparam(name) for name in ("resolved_at", "resolved_by", "note")})
)
