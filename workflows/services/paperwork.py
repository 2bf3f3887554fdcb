"""The township's right to pay first: lost while paperwork of any of its cases is overdue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model import LocalCall
from engine.store.transaction import Transaction
from workflows.registers import overdue
from workflows.services.reading import case_of


def act_first_right(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return whether overdue paperwork blocks the township's new act-first cases."""
    return {"act_first_blocked": overdue.is_blocked(transaction, case_of(call).region)}


def paperwork_overdue(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Block the township because of this case."""
    overdue.mark(transaction, case_of(call))
    return {"overdue": True}


def paperwork_settled(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Lift this case's block of the township, if there is one."""
    overdue.unmark(transaction, case_of(call))
    return {"overdue": False}
