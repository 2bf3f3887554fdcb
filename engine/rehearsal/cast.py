"""The people a scenario speaks of: one for each role, region and number, made when first named."""

from __future__ import annotations

from engine.access import cut_to_level
from engine.model import SYSTEM, Actor, Grant
from engine.runtime import Runtime
from engine.scenario import Who
from engine.store import people
from engine.store.keys import new_key
from engine.store.people import PersonRow
from engine.store.transaction import Transaction

CITIZEN = "citizen"
SYSTEM_ROLE = "system"


class Cast:
    """Finds or makes the actor of a step."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._known: dict[tuple[str, int, str], Actor] = {}

    def actor(self, transaction: Transaction, who: Who, region: str) -> Actor:
        """Return the n-th person of a role at the level of the region the role works on."""
        if who.role == CITIZEN:
            return Actor(None, "申请人", channel="h5")
        if who.role == SYSTEM_ROLE:
            return SYSTEM
        role = self._runtime.published(transaction).roles.get(who.role)
        place = cut_to_level(region, role)
        key = (who.role, who.person, place)
        if key not in self._known:
            self._known[key] = self._engage(transaction, who, place)
        return self._known[key]

    def _engage(self, transaction: Transaction, who: Who, place: str) -> Actor:
        name = f"{who.role}/{who.person}"
        grants = people.write_grants((Grant(who.role, place),))
        row = PersonRow(
            new_key(), f"{name}@{place}", name, "", grants, None, None, True, 0, None, transaction.wall
        )  # fmt: skip
        people.insert(transaction, row)
        return people.actor(row)
