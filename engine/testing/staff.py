"""The people of a test: one for each role, place and number, engaged when first named."""

from __future__ import annotations

from engine.model import Actor, Grant
from engine.runtime import Runtime
from engine.store import people
from engine.store.keys import new_key
from engine.store.people import PersonRow

CITIZEN = Actor(None, "申请人", channel="h5")


class Staff:
    """Finds or engages people."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._known: dict[tuple[str, str, int], Actor] = {}

    def person(self, role: str, region: str = "", number: int = 1) -> Actor:
        """Return the n-th person who holds the role in the region."""
        key = (role, region, number)
        if key not in self._known:
            self._known[key] = self.engage(f"{role}{number}@{region or 'all'}", (Grant(role, region),))
        return self._known[key]

    def engage(self, name: str, grants: tuple[Grant, ...]) -> Actor:
        """Return the person of this name, who cannot sign in; a new one gets these roles."""
        with self._runtime.write() as transaction:
            row = people.find_by_login(transaction, name)
            if row is None:
                roles = people.write_grants(grants)
                row = PersonRow(new_key(), name, name, "", roles, None, None, True, 0, None, transaction.wall)
                people.insert(transaction, row)
        return people.actor(row)
