"""Claims for money that was paid wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model import LocalCall
from engine.store.transaction import Transaction
from workflows.registers import recoveries
from workflows.services.reading import case_of, fen, key, text


def recovery_settle(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Note in the register how the claim stands: notified or dropped."""
    recoveries.note(
        transaction, case_of(call), key(call, "payment"), fen(call, "recover_amount"), text(call, "outcome")
    )
    return {"settled": True}
