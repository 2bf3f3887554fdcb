from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.clock import SHANGHAI
from workflows.registers import delegations, duty, ledger, monitoring, overdue
from workflows.registers.givens import apply_givens, read_ledger
from workflows.registers.ledger import CaseRef
from workflows.registers.relief import Applicant, ReliefRegister

PERSON = Applicant(id_no="410702198001011234")
CASE = CaseRef(7, "LS7", "410702100")


def test_without_givens_every_fund_holds_its_usual_money(database, keyring):
    with database.write() as transaction:
        apply_givens(transaction, {}, keyring)
        found = read_ledger(transaction)
        assert found == ledger.recomputed(transaction)
        assert duty.on_duty(transaction, "410702100").name == "洪门镇值班"

    held = [amount for account, amount in found.items() if account.startswith("reserve_fund/")]
    assert sorted(set(held)) == [Decimal(50_000), Decimal(500_000)]
    assert (held.count(Decimal(50_000)), held.count(Decimal(500_000))) == (170, 15)


def test_what_a_scenario_gives_stands_in_the_registers(database, keyring, clock):
    given = {
        "funds": {"reserve_fund/410702100": 0, "reserve_fund/410702": "12.50"},
        "overdue": [410702101],
        "history": [{"id_no": PERSON.id_no, "cause": "illness", "at": "2026-03-01T10:00", "amount": 800}],
        "monitoring": [{"id_no": PERSON.id_no, "group": "脱贫不稳定户"}],
        "delegations": [{"county": "410702", "limit": 3000, "from": date(2026, 9, 1)}],
    }
    register = ReliefRegister(keyring)
    with database.write() as transaction:
        apply_givens(transaction, given, keyring)
        balances = read_ledger(transaction)
        assert overdue.is_blocked(transaction, "410702101")
        assert not overdue.is_blocked(transaction, "410702100")
        assert register.last_relief(transaction, CASE, PERSON, "illness") == date(2026, 3, 1)
        assert register.within(transaction, CASE, PERSON, "illness", 72) == []
        group = monitoring.group_of(transaction, register.person(PERSON.id_no), clock.now().date())
        limit = delegations.in_force(transaction, "410702100", "temp", date(2026, 9, 23)).limit

    assert "reserve_fund/410702100" not in balances
    assert balances["reserve_fund/410702"] == Decimal("12.50")
    assert (group, limit) == ("脱贫不稳定户", 300000)


def test_an_earlier_relief_an_hour_ago_is_a_possible_duplicate(database, keyring, clock):
    clock.set(datetime(2026, 9, 24, 20, tzinfo=SHANGHAI))
    earlier = {"id_no": PERSON.id_no, "cause": "illness", "at": clock.now() - timedelta(hours=1), "amount": 800}
    with database.write() as transaction:
        apply_givens(transaction, {"history": [earlier]}, keyring)
        found = ReliefRegister(keyring).within(transaction, CASE, PERSON, "illness", 72)

    assert [one.why for one in found] == ["同一身份证号、同一事由"]
