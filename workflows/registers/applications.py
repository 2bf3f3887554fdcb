"""Applications of every channel: found again by person, phone or address, sorted into programmes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.upsert import replacing
from workflows.registers import marks
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import application, application_programme

OPEN_STATES = ("received", "supplementing", "accepted", "sorted")


@dataclass(frozen=True, slots=True)
class Application:
    """What identifies an application; what the citizen did not give is empty."""

    channel: str
    id_no: str = ""
    phone: str = ""
    address: str = ""
    danger: bool = False
    relative_in_office: bool = False


@dataclass(frozen=True, slots=True)
class Alike:
    """Another application that may be the same: its case, and why."""

    number: str
    at: datetime
    state: str
    why: str


class Applications:
    """The register of applications as seen with the keys that blind it."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def register(self, transaction: Transaction, case: CaseRef, what: Application) -> None:
        """Write the case's application; written again it is corrected and keeps its time and state."""
        row = {"region": case.region, "case": case.key, "number": case.number, "channel": what.channel}
        row |= self._marks(case, what) | {"danger": what.danger, "relative_in_office": what.relative_in_office}
        new = {"resident": None, "household": None, "applied_at": transaction.now, "accepted_at": None}
        _REGISTER.run(transaction, [row | new | {"state": "received", "state_at": transaction.now}])

    def alike(self, transaction: Transaction, case: CaseRef, what: Application, days: int) -> Sequence[Alike]:
        """Return other cases' applications of the last days by the same person, phone or address, newest first."""
        found = {name: mark for name, mark in self._marks(case, what).items() if mark is not None}
        if not found:
            return []
        c = application.c
        since = transaction.now - timedelta(days=days)
        same = sa.or_(*(c[name] == mark for name, mark in found.items()))
        statement = sa.select(application).where(same, c.case != case.key, c.applied_at >= since)
        rows = transaction.execute(statement.order_by(c.applied_at.desc(), c.case.desc()).limit(20)).all()
        return [Alike(row.number, row.applied_at, row.state, _why(row, found)) for row in rows]

    def _marks(self, case: CaseRef, what: Application) -> dict[str, bytes | None]:
        return {
            "person": marks.person(self._keyring, what.id_no),
            "phone": marks.phone(self._keyring, what.phone),
            "address": marks.address(self._keyring, what.address, case.region),
        }


def link(transaction: Transaction, case: CaseRef, resident: int | None, household: int | None) -> None:
    """Write who applied and for which household."""
    _update(transaction, case, {"resident": resident, "household": household})


def turn(transaction: Transaction, case: CaseRef, state: str) -> None:
    """Write the application's state from now on; it is accepted once."""
    values = {"state": state, "state_at": transaction.now}
    if state == "accepted":
        values["accepted_at"] = sa.func.coalesce(application.c.accepted_at, sa.literal(transaction.now, _INSTANT))
    _update(transaction, case, values)


def programme(
    transaction: Transaction, case: CaseRef, programme: str, state: str, started: CaseRef | None = None
) -> None:
    """Write how the application stands with one programme, and the case that was started for it."""
    row = {"region": case.region, "case": case.key, "programme": programme, "state": state}
    row |= {"programme_case": started.key if started else None, "programme_number": started.number if started else None}
    _PROGRAMME.run(transaction, [row | {"state_at": transaction.now}])


def programmes(transaction: Transaction, case: CaseRef) -> Sequence[sa.Row[Any]]:
    """Return the programmes of the case's application with their states and started cases."""
    c = application_programme.c
    statement = sa.select(c.programme, c.state, c.programme_number).where(c.region == case.region, c.case == case.key)
    return transaction.execute(statement.order_by(c.programme)).all()


_INSTANT = application.c.accepted_at.type
_REGISTER = replacing(application, "channel", "person", "phone", "address", "danger", "relative_in_office")
_PROGRAMME = replacing(application_programme, "state", "programme_case", "programme_number", "state_at")
_REASONS = {"person": "同一身份证号", "phone": "同一手机号", "address": "同一地址"}


def _update(transaction: Transaction, case: CaseRef, values: dict[str, Any]) -> None:
    c = application.c
    transaction.execute(application.update().where(c.region == case.region, c.case == case.key).values(values))


def _why(row: sa.Row[Any], found: dict[str, bytes]) -> str:
    return "、".join(_REASONS[name] for name, mark in found.items() if getattr(row, name) == mark)
