"""What recording and revoking a delegation have in common: who may where, which item, and the trail."""

from __future__ import annotations

from engine.access import Subject, may
from engine.commands.hand_up_tasks import not_theirs
from engine.errors import Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import audit
from engine.store.transaction import Transaction
from workflows.registers import regions
from workflows.registers.delegations import Delegation, Item, items

_PLACES = (6, 9)


def check_place(runtime: Runtime, transaction: Transaction, actor: Actor, region: str) -> None:
    """Raise Invalid unless the region is a county or township, Forbidden unless the actor delegates there."""
    if len(region) not in _PLACES or not regions.exists(region):
        message = Text("请选择县（市、区）或乡镇（街道）。", "Expected a county or a township of the city; choose one.")
        raise Invalid(message, {"region": message})
    if not may(runtime.published(transaction).roles, actor, "delegate", Subject(region)):
        raise not_theirs()


def chosen_item(item: str) -> Item:
    """Return the item. Raises Invalid when there is none of that id."""
    found = items().get(item)
    if found is None:
        message = Text("请选择下放的事项。", "Expected one of the items that may be delegated; choose one.")
        raise Invalid(message, {"item": message})
    return found


def write_trail(transaction: Transaction, actor: Actor, action: str, what: Delegation, handed_up: int = 0) -> None:
    """Append to the audit chain of the county's delegations what was recorded or revoked."""
    details = {
        "since": what.since.isoformat(),
        "until": what.until.isoformat() if what.until else "",
        "limit": "" if what.unlimited else what.limit,
        "decision": what.decision,
        "reason": what.reason,
        "handed_up": handed_up,
    }
    entry = audit.Entry(action, f"delegation:{what.region}:{what.item}", region=what.region, details=details)
    audit.append_unlocked(transaction, f"delegations:{what.region[:6]}", actor, entry)
