"""What the registers hold when the demo begins: funds, delegations, duty roster, monitored households."""

from __future__ import annotations

from datetime import date

from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.demo.citizens import Citizen, citizen, dice
from workflows.registers import delegations, duty, funds, monitoring, regions
from workflows.registers.delegations import Delegation
from workflows.registers.duty import OnDuty
from workflows.registers.relief import ReliefRegister

_GROUPS = ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户")
_FIRST_DAY = date(2026, 1, 1)
_ZONES = frozenset({"410771", "410772", "410773"})
_MONITORED = 40
_THOUSAND_YUAN = 1000_00


def fill_registers(transaction: Transaction, keyring: Keyring) -> None:
    """Allocate the funds of all townships and counties and write the other registers."""
    random = dice("money")
    amounts = {unit.code: random.randrange(12, 40) * _THOUSAND_YUAN for unit in regions.townships()}
    amounts |= {unit.code: random.randrange(300, 600) * _THOUSAND_YUAN for unit in regions.counties()}
    funds.open_funds(transaction, amounts, "2026年度拨付")
    delegations.record(transaction, list(_delegations()))
    duty.assign(transaction, [_on_duty(code) for code in amounts])
    register = ReliefRegister(keyring)
    for one, group in monitored():
        person = register.person(one.id_no)
        if person is not None:
            monitoring.watch(transaction, one.region, {person: group}, _FIRST_DAY)


def monitored() -> list[tuple[Citizen, str]]:
    """Return the monitored persons with their groups, the same at every start."""
    random = dice("monitored")
    places = random.sample([unit.code for unit in regions.townships()], _MONITORED)
    return [(citizen(random, place), random.choice(_GROUPS)) for place in places]


def _delegations() -> list[Delegation]:
    counties = [unit.code for unit in regions.counties() if unit.code not in _ZONES]
    records = [
        Delegation(code, delegations.RELIEF, 2001_00, _FIRST_DAY, decision="民政〔2026〕1号") for code in counties
    ]
    higher = Delegation("410702100", delegations.RELIEF, 3000_00, date(2026, 7, 1), decision="红民〔2026〕12号")
    return [*records, higher]


def _on_duty(code: str) -> OnDuty:
    random = dice(f"duty {code}")
    return OnDuty(code, f"{regions.name(code)}值班室", f"1393737{random.randrange(10_000):04d}")
