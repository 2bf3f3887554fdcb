"""How much the township may decide itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model import LocalCall
from engine.store.transaction import Transaction
from workflows.registers import delegations
from workflows.registers.money import yuan
from workflows.services.reading import case_of, number


def delegated_limit(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the limit in yuan: the dated record in force on the policy date, else the policy's multiple."""
    recorded = delegations.limit_of(transaction, case_of(call).region, delegations.RELIEF, call.case["policy_date"])
    if recorded is not None:
        return {"delegated_limit": yuan(recorded)}
    return {"delegated_limit": number(call, "temp.delegated_limit_multiple") * number(call, "dibao.std.city")}
