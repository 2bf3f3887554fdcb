"""Whether the township may decide a matter itself, and up to how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import ModelError, Text
from engine.model import LocalCall
from engine.store.transaction import Transaction
from workflows.registers import delegations
from workflows.registers.money import yuan
from workflows.services.reading import case_of, number, policy_value, text


def delegated_limit(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return ``delegated`` and the limit in yuan (null: none) of ``matter``, by default temporary relief, as D18 takes them.

    The dated record in force today decides, or, where there never was one, the policy's numbers: a case accepted
    before a withdrawal is no longer the township's to decide.
    """
    matter = text(call, "matter") or delegations.RELIEF
    region, on = case_of(call).region, transaction.now.date()
    found = delegations.in_force(transaction, region, matter, on) if matter in delegations.items() else None
    if found is None:
        return {"delegated": _by_default(call, matter), "delegated_limit": _limit_by_default(call, matter)}
    if found.limit is not None:
        return {"delegated": found.given, "delegated_limit": yuan(found.limit)}
    return {"delegated": found.given, "delegated_limit": _limit_by_default(call, matter)}


def _limit_by_default(call: LocalCall, matter: str) -> Any:
    if matter != delegations.RELIEF:
        return None
    return number(call, "temp.delegated_limit_multiple") * number(call, "dibao.std.city")


def _by_default(call: LocalCall, matter: str) -> bool:
    """Return whether the item is delegated where no record says otherwise; what is no item stays with the county."""
    if matter not in delegations.items():
        return False
    given = policy_value(call, f"delegation.{matter}")
    if not isinstance(given, bool):
        raise ModelError(
            Text(
                f"政策参数「delegation.{matter}」应为是或否,但没有找到,请在 policy.yaml 中补上并发布。",
                f"Expected delegation.{matter} in force as true or false, so add it to policy.yaml and publish.",
            ),
            call.element,
        )
    return given
