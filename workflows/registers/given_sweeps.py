"""A sweep under way that a scenario takes as given before it starts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.store.keys import new_key
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import sweeps
from workflows.registers.given_rosters import give_household
from workflows.registers.ledger import CaseRef
from workflows.registers.sweeps import Round
from workflows.registers.tables import household, household_member, resident, sweep_ledger

_FIRST, _LAST = date(2026, 10, 1), date(2026, 12, 31)


def give_sweep(transaction: Transaction, one: Mapping[str, Any], keyring: Keyring) -> None:
    """Open the round {round, from, to}; with ``township`` list its ``households``, whose ``ledger`` is their number there.

    ``crowd`` gives {region, households}: so many households without a name, as many as a large village has.
    """
    case = CaseRef(new_key(), "既有排查", str(one.get("township", "4107")))
    begins, ends = _day(one.get("from"), _FIRST), _day(one.get("to"), _LAST)
    sweeps.open_round(transaction, case, Round(str(one["round"]), begins, ends))
    for home in one.get("households", ()):
        give_household(transaction, home, keyring)
    crowd = one.get("crowd")
    if crowd:
        _give_crowd(transaction, str(crowd["region"]), int(crowd["households"]))
    if "township" in one:
        sweeps.list_households(transaction, case, str(one["round"]), begins)
        _number(transaction, one)


def _day(value: Any, otherwise: date) -> date:
    return otherwise if value is None else date.fromisoformat(str(value))


def _number(transaction: Transaction, one: Mapping[str, Any]) -> None:
    """Give the ledger's rows the numbers the scenario calls them by, in the order of the households."""
    c = sweep_ledger.c
    keys = (
        transaction.execute(sa.select(c.key).where(c.round == str(one["round"])).order_by(c.household)).scalars().all()
    )
    for key, home in zip(keys, one.get("households", ()), strict=True):
        transaction.execute(sweep_ledger.update().where(c.key == key).values(key=int(home["ledger"]), state="open"))


def _give_crowd(transaction: Transaction, region: str, count: int) -> None:
    now = transaction.now
    homes = [{"key": new_key(), "region": region, "opened_by": 0, "entered_at": now} for _ in range(count)]
    people = [{"key": new_key(), "region": region, "id_no": None, "died_on": None, "entered_at": now} for _ in homes]
    transaction.insert(household, homes)
    transaction.insert(resident, people)
    lives = {"relation": "本人", "counted": True, "valid_from": date(2026, 1, 1), "valid_to": None, "case": 0}
    transaction.insert(
        household_member,
        [
            {**lives, "key": new_key(), "household": home["key"], "resident": who["key"], "recorded_from": now,
             "recorded_to": None}
            for home, who in zip(homes, people, strict=True)
        ],
    )  # fmt: skip
