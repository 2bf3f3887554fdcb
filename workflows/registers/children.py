"""The register of children in support: the file, what was found of each parent, the agreements with guardians."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.keys import new_key
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.values import pack
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import care_agreement, child_case, parent_status


@dataclass(frozen=True, slots=True)
class Parent:
    """What was found of a parent: the status of the table of kinds, for how many months, and who said so."""

    role: str
    status: str
    months: int
    source: str


class Children:
    """The register as seen with the keys that seal it."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def enter(
        self, transaction: Transaction, case: CaseRef, child: int, kind: str, guardian: Mapping[str, str]
    ) -> None:
        """Write the file of the case; called again it corrects the row."""
        known = transaction.execute(_KNOWN, {"of_case": case.key}).scalar()
        key = known or new_key()
        values = {"kind": kind, "guardian": self._keyring.seal(pack(dict(guardian)), _place("guardian", case.key))}
        if known:
            transaction.execute(child_case.update().where(child_case.c.key == key).values(values))
            return
        row = {"key": key, "case": case.key, "region": case.region, "child": child, "entered_at": transaction.now}
        transaction.insert(child_case, [row | values])

    def agree(self, transaction: Transaction, case: CaseRef, facts: Mapping[str, str], signed_on: date) -> None:
        """Write the agreement with the guardian; the same day's is written once."""
        known = sa.select(care_agreement.c.key).where(
            care_agreement.c.case == case.key, care_agreement.c.signed_on == signed_on
        )
        if transaction.execute(known).first() is None:
            sealed = self._keyring.seal(pack(dict(facts)), _place("agreement", case.key))
            row = {"key": new_key(), "case": case.key, "facts": sealed, "signed_on": signed_on}
            transaction.insert(care_agreement, [row])


def others(transaction: Transaction, case: CaseRef, child: int) -> Sequence[str]:
    """Return the numbers of the other open cases in which somebody applies for the child, oldest first."""
    return transaction.execute(_OTHERS, {"child_": child, "of_case": case.key}).scalars().all()


def note_parent(transaction: Transaction, case: CaseRef, parent: Parent) -> None:
    """Write what was found of the parent, in place of what was found before."""
    c = parent_status.c
    known = sa.select(c.key).where(c.case == case.key, c.parent == parent.role)
    values = {"status": parent.status, "months": parent.months, "source": parent.source, "found_at": transaction.now}
    key = transaction.execute(known).scalar()
    if key is not None:
        transaction.execute(parent_status.update().where(c.key == key).values(values))
        return
    transaction.insert(parent_status, [{"key": new_key(), "case": case.key, "parent": parent.role, **values}])


_KNOWN = sa.select(child_case.c.key).where(child_case.c.case == sa.bindparam("of_case"))
_OTHERS = (
    sa.select(t.case.c.number)
    .select_from(child_case.join(t.case, t.case.c.key == child_case.c.case))
    .where(
        child_case.c.child == sa.bindparam("child_"),
        child_case.c.case != sa.bindparam("of_case"),
        t.case.c.status == "open",
    )
    .order_by(child_case.c.key)
)


def _place(what: str, case: int) -> bytes:
    return f"child/{what}/{case}".encode()
