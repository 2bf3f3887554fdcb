"""Which families the lines of the sweep's ledger are about, so that people know whose door to knock at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import regions
from workflows.registers.households import Households
from workflows.registers.residents import Residents
from workflows.registers.sweep_coverage import Line
from workflows.registers.sweeps import TOWNSHIP, SeenPeople


@dataclass(frozen=True, slots=True)
class Home:
    """Who is asked for and where; ``visit`` is the number of the visit's case, empty before it is opened."""

    who: str
    place: str
    visit: str


class SweepHomes:
    """The families as seen with the keys that tell their names and addresses."""

    def __init__(self, keyring: Keyring) -> None:
        self._residents, self._households = Residents(keyring), Households(keyring)
        self._people = SeenPeople(keyring)

    def of(self, transaction: Transaction, lines: Sequence[Line]) -> Mapping[int, Home]:
        """Return the family of each line by its ledger key; the registers' head, else the first person written down."""
        today = transaction.now.date()
        keys = [one.household for one in lines if one.household is not None]
        heads = self._residents.heads(transaction, keys, today)
        homes = self._households.read_all(transaction, keys, today)
        written = self._people.first_names(transaction, [one.ledger for one in lines if one.household is None])
        visits = _numbers(transaction, [one.case for one in lines if one.case is not None])
        found = {}
        for one in lines:
            head = heads.get(one.household or 0)
            home = homes.get(one.household or 0)
            place = f"{village_words(one.region)} {home.address if home else ''}".rstrip()
            found[one.ledger] = Home(
                head.name if head else written.get(one.ledger, ""), place, visits.get(one.case or 0, "")
            )
        return found


def village_words(region: str) -> str:
    """Return what a village is called: its township's name and its own number."""
    return f"{regions.name(region)} {region[TOWNSHIP:]}".rstrip()


def _numbers(transaction: Transaction, cases: Sequence[int]) -> Mapping[int, str]:
    found = sa.select(t.case.c.key, t.case.c.number).where(t.case.c.key.in_(list(cases)))
    return {row.key: row.number for row in transaction.execute(found)}
