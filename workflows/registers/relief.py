"""The register of temporary relief: who was helped for what, found again by blind index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import marks
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import payment, temp_case


@dataclass(frozen=True, slots=True)
class Applicant:
    """What identifies the one who needs help; papers may be burnt, so everything may be empty."""

    id_no: str = ""
    phone: str = ""
    place: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier registration that may be the same emergency."""

    number: str
    at: datetime
    applicant: str
    why: str


@dataclass(frozen=True, slots=True)
class Marks:
    """The blind indexes of an applicant; what was not given is None."""

    person: bytes | None
    phone: bytes | None
    address: bytes | None


class ReliefRegister:
    """The register as seen with the keys that blind and seal it."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def marks_of(self, applicant: Applicant, region: str) -> Marks:
        """Return the blind indexes; an address counts within its township."""
        return Marks(
            self.person(applicant.id_no),
            marks.phone(self._keyring, applicant.phone),
            marks.address(self._keyring, applicant.place, region),
        )

    def person(self, id_no: str) -> bytes | None:
        """Return the blind index of an identity number, None for an empty one."""
        return marks.person(self._keyring, id_no)

    def register(
        self,
        transaction: Transaction,
        case: CaseRef,
        applicant: Applicant,
        facts: dict[str, Any],
        at: datetime | None = None,
    ) -> None:
        """Write the case into the register; written again it is corrected, as when burnt papers are replaced."""
        found = self.marks_of(applicant, case.region)
        sealed = self._keyring.seal(applicant.name.encode(), _place(case.key))
        row = {"region": case.region, "case": case.key, "number": case.number, "person": found.person}
        row |= {"phone": found.phone, "address": found.address, "provisional_person": found.person is None}
        row |= {"applicant": sealed, **facts}
        if not transaction.execute(_CORRECT, {"in_region": case.region, "of_case": case.key, **row}).rowcount:
            transaction.insert(temp_case, [row | {"registered_at": at or transaction.now}])

    def within(
        self, transaction: Transaction, case: CaseRef, applicant: Applicant, cause: str, hours: int
    ) -> Sequence[Earlier]:
        """Return other registrations of the last hours by the same person, phone or address, newest first."""
        found = self.marks_of(applicant, case.region)
        since = transaction.now - timedelta(hours=hours)
        rows = self._alike(transaction, case, found, temp_case.c.registered_at >= since)
        return [Earlier(row.number, row.registered_at, self._name(row), _why(row, found, cause)) for row in rows]

    def last_relief(self, transaction: Transaction, case: CaseRef, applicant: Applicant, cause: str) -> date | None:
        """Return the day of the last relief given for the cause to the same person, phone or address."""
        found = self.marks_of(applicant, case.region)
        rows = self._alike(transaction, case, found, temp_case.c.cause == cause, sa.or_(temp_case.c.amount > 0, _PAID))
        return rows[0].registered_at.date() if rows else None

    def _alike(
        self, transaction: Transaction, case: CaseRef, found: Marks, *conditions: sa.ColumnElement[bool]
    ) -> Sequence[sa.Row[Any]]:
        columns = (
            (temp_case.c.person, found.person),
            (temp_case.c.phone, found.phone),
            (temp_case.c.address, found.address),
        )
        same = [column == mark for column, mark in columns if mark is not None]
        if not same:
            return []
        statement = (
            sa.select(temp_case)
            .where(sa.or_(*same), temp_case.c.case != case.key, *conditions)
            .order_by(temp_case.c.registered_at.desc(), temp_case.c.case.desc())
            .limit(_MOST)
        )
        return transaction.execute(statement).all()

    def _name(self, row: sa.Row[Any]) -> str:
        return marks.masked(self._keyring.open(row.applicant, _place(row.case)).decode())


def settle(transaction: Transaction, case: CaseRef, outcome: str) -> None:
    """Close the case's row with its outcome and what was really paid; a refusal does not undo an earlier grant."""
    names = {"in_region": case.region, "of_case": case.key, "with_outcome": outcome, "moment": transaction.now}
    transaction.execute(_SETTLE, names)


def backdate(transaction: Transaction, case: CaseRef, outcome: str, amount: int, at: datetime) -> None:
    """Close a row taken over from before with the amount in fen that its own books say was paid."""
    changed = temp_case.update().where(temp_case.c.region == case.region, temp_case.c.case == case.key)
    transaction.execute(changed.values(outcome=outcome, amount=amount, settled_at=at))


_MOST = 50
_PAID = sa.exists().where(
    payment.c.region == temp_case.c.region, payment.c.case == temp_case.c.case, payment.c.status != "reversed"
)
_OF_CASE = (temp_case.c.region == sa.bindparam("in_region"), temp_case.c.case == sa.bindparam("of_case"))
_CORRECT = (
    temp_case.update()
    .where(*_OF_CASE)
    .values(
        {
            name: sa.bindparam(name, type_=temp_case.c[name].type)
            for name in (
                "person",
                "phone",
                "address",
                "provisional_person",
                "applicant",
                "cause",
                "track",
                "persons",
                "requested",
            )
        }
    )
)
_PAID_OUT = (
    sa.select(sa.func.coalesce(sa.func.sum(payment.c.amount - payment.c.recovered), 0))
    .where(
        payment.c.region == sa.bindparam("in_region"),
        payment.c.case == sa.bindparam("of_case"),
        payment.c.status == "confirmed",
    )
    .scalar_subquery()
)
_SETTLE = (
    temp_case.update()
    .where(*_OF_CASE, sa.or_(temp_case.c.settled_at.is_(None), sa.bindparam("with_outcome") != "refused"))
    .values(
        outcome=sa.bindparam("with_outcome"),
        amount=_PAID_OUT,
        settled_at=sa.bindparam("moment", type_=temp_case.c.settled_at.type),
    )
)


def _place(case: int) -> bytes:
    return f"temp_case/{case}".encode()


def _why(row: sa.Row[Any], marks: Marks, cause: str) -> str:
    reasons = [
        name
        for name, old, new in (
            ("同一身份证号", row.person, marks.person),
            ("同一手机号", row.phone, marks.phone),
            ("同一地址", row.address, marks.address),
        )
        if new is not None and old == new
    ]
    return "、".join([*reasons, "同一事由"] if row.cause == cause else reasons)
