"""Claims for money paid wrongly: what is due, and how the claim stands."""

from __future__ import annotations

from engine.store.transaction import Transaction
from engine.store.upsert import replacing
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import recovery


def note(transaction: Transaction, case: CaseRef, payment: int, due: int, standing: str) -> None:
    """Write how the case's claim of ``due`` fen stands; a later note replaces an earlier one."""
    row = {"region": case.region, "case": case.key, "number": case.number, "payment": payment, "due": due}
    _NOTE.run(transaction, [row | {"standing": standing, "noted_at": transaction.now}])


_NOTE = replacing(recovery, "payment", "due", "standing", "noted_at")
