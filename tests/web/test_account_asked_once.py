"""Whose account is being put right is not asked about a second time until that case has ended."""

from __future__ import annotations

from datetime import date

from engine.commands.cancel_case import cancel_case
from engine.commands.step import Beginning, begin_case
from engine.model import SYSTEM, Actor, Grant
from engine.runtime import Runtime
from tests.web.conftest import HERE
from workflows.registers.given_rosters import give_entry
from workflows.registers.ledger import CaseRef
from workflows.registers.payroll import returns
from workflows.registers.payroll.freeze import Back, freeze

COUNTY, OCTOBER, NOVEMBER = HERE[:6], date(2026, 10, 1), date(2026, 11, 1)
OPERATIONS = Actor(1, "operations", (Grant("operations", ""),))
LI = {"benefit": "dibao", "name": "李秀英", "id_no": "410721197203154420", "region": f"{HERE}002", "amount": 330}


def _asked(runtime: Runtime, month: date) -> int:
    with runtime.read() as transaction:
        return len(returns.to_mend(transaction, COUNTY, month, None))


def test_the_next_month_asks_again_only_after_the_case_has_ended(runtime: Runtime) -> None:
    with runtime.write() as transaction:
        entry = give_entry(transaction, LI, runtime.keyring)
        for key, month in ((900, OCTOBER), (901, NOVEMBER)):
            freeze(transaction, CaseRef(key, f"FF{key}", COUNTY), "dibao", month, Back(OCTOBER, 12), ())
    assert _asked(runtime, NOVEMBER) == 1

    told = {"roster": str(entry), "applicant_name": "李秀英", "benefit_name": "最低生活保障", "roster_number": "DB1"}
    told |= {"amount": 330, "bank_reason": "账户未核验", "month": "2026-10"}
    with runtime.write() as transaction:
        definition = runtime.latest(transaction, "payroll_account")
        case = begin_case(runtime, transaction, SYSTEM, Beginning(definition, f"{HERE}002", told, "system"))
    assert _asked(runtime, NOVEMBER) == 0

    with runtime.write() as transaction:
        cancel_case(runtime, transaction, OPERATIONS, case=case.key, reason="误立案", undo=False)
    assert _asked(runtime, NOVEMBER) == 1
