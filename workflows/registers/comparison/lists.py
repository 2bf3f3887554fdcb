"""What the departments list of a county: cards, deaths and moves, custody, benefits for work injuries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.store.keys import new_key
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.upsert import replacing
from engine.store.values import pack, unpack
from workflows.registers import marks
from workflows.registers.tables import compare_person


@dataclass(frozen=True, slots=True)
class Card:
    """A disability card as the federation has it; ``renewal_on`` is the day on which its renewal was asked for."""

    id_no: str
    name: str
    phone: str
    card_no: str
    region: str
    kind: str
    grade: int
    ends_on: date | None
    renewal_on: date | None
    care_need: bool


@dataclass(frozen=True, slots=True)
class News:
    """What another department says of somebody: died, registered elsewhere, in custody, paid for a work injury."""

    id_no: str
    died_on: date | None = None
    home: str | None = None
    custody: bool | None = None
    work_injury: bool | None = None


class Lists:
    """The lists of a comparison as kept with the keys that blind and seal them; a page kept twice is kept once."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def keep_cards(self, transaction: Transaction, run: int, cards: Sequence[Card]) -> None:
        """Write the cards; whoever draws a subsidy stays in the region that pays it."""
        rows = [self._card(run, card) for card in cards]
        if rows:
            _KEEP.run(transaction, rows)

    def keep_news(self, transaction: Transaction, run: int, told: Sequence[News]) -> None:
        """Write what is told of people who are compared; of anybody else nothing is kept."""
        for name in ("died_on", "home", "custody", "work_injury"):
            said = [(one.id_no, value) for one in told if (value := getattr(one, name)) is not None]
            rows = [{"of_run": run, "of_person": self._mark(id_no), "said": value} for id_no, value in said]
            if rows:
                transaction.execute(_NEWS[name], rows)

    def who(self, sealed_as: int, who: bytes) -> Mapping[str, Any]:
        """Return name, phone, identity and card number of somebody listed."""
        found: Mapping[str, Any] = unpack(self._keyring.open(who, _place(sealed_as)))
        return found

    def _card(self, run: int, card: Card) -> dict[str, Any]:
        key = new_key()
        told = {name: getattr(card, name) for name in ("name", "phone", "id_no", "card_no")}
        row = {name: value for name, value in asdict(card).items() if name not in told}
        row |= {"run": run, "person": self._mark(card.id_no), "sealed_as": key, "resident": None, "facts": ""}
        row |= {"who": self._keyring.seal(pack(told), _place(key)), "died_on": None, "home": None}
        return row | {"custody": False, "work_injury": False}

    def _mark(self, id_no: str) -> bytes | None:
        return marks.person(self._keyring, id_no)


def _place(sealed_as: int) -> bytes:
    return f"compare_person/{sealed_as}".encode()


_KEEP = replacing(compare_person, "who", "sealed_as", "kind", "grade", "ends_on", "renewal_on", "care_need")
_OF = (compare_person.c.run == sa.bindparam("of_run"), compare_person.c.person == sa.bindparam("of_person"))


def _news(name: str) -> sa.Update:
    said = sa.bindparam("said", type_=compare_person.c[name].type)
    return compare_person.update().where(*_OF).values({name: said})


_NEWS = {name: _news(name) for name in ("died_on", "home", "custody", "work_injury")}
