"""Takes a delegated item back: from today on the county decides, also what waits for the township's decision now."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.hand_up_tasks import hand_up_tasks
from engine.commands.operations import required_reason
from engine.model import Actor
from engine.runtime import Runtime
from engine.store.transaction import Transaction
from workflows.commands.delegating import check_place, chosen_item, write_trail
from workflows.registers import delegations
from workflows.registers.delegations import Delegation


@dataclass(frozen=True, slots=True)
class Revoked:
    """What was recorded, and how many open tasks went up to the county."""

    what: Delegation
    handed_up: int


def revoke_delegation(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, region: str, item: str, reason: str
) -> Revoked:
    """Return the dated withdrawal of the item for a township, or for a county with all its townships.

    Open confirmation tasks of the item are offered to the county instead, without a restart, their clocks running on.
    Raises Forbidden outside the actor's place, Invalid with a sentence for the field.
    """
    check_place(runtime, transaction, actor, region)
    chosen = chosen_item(item)
    given = required_reason(reason)
    what = Delegation(
        region, chosen.id, 0, transaction.now.date(), withdrawn=True, unlimited=True, reason=given,
        recorded_by=actor.name, recorded_at=transaction.now,
    )  # fmt: skip
    delegations.withdraw(transaction, what)
    moved = hand_up_tasks(runtime, transaction, actor, matter=chosen.id, region=region, reason=given)
    write_trail(transaction, actor, "revoke_delegation", what, len(moved.tasks))
    return Revoked(what, len(moved.tasks))
