"""The county's sample of what townships decided on the living allowance, and what is paid on average."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.clock import FixedClock
from engine.store.keys import new_key
from engine.store.sealing import Keyring
from engine.store.transaction import Database
from workflows.registers import decisions, dibao
from workflows.registers.decisions import Decision
from workflows.registers.dibao import Applied, Deadline
from workflows.registers.given_rosters import give_entry, give_household
from workflows.registers.ledger import CaseRef

COUNTY = "410721"
HOME = {"region": "410721101", "place": "东街三号", "area": "rural"}
GRANTED = {**HOME, "benefit": "dibao", "name": "王建国", "id_no": "410721196503124413", "amount": 420}
REFUSED = {**HOME, "name": "赵玉兰", "id_no": "410721195806074439"}


@pytest.fixture
def decided(database: Database, keyring: Keyring, clock: FixedClock) -> None:
    """One household granted and one refused by the township, a month before."""
    with database.write() as transaction:
        give_entry(transaction, GRANTED, keyring)
        head, home = give_household(transaction, REFUSED, keyring)
        case = CaseRef(new_key(), "低保二号", "410721101")
        dibao.keep(
            transaction,
            case,
            Applied("family", head, home, date(2026, 8, 3)),
            Deadline("delegated", 20, date(2026, 9, 1)),
        )
        said = Decision("dibao", "refused", None, "township", "张三", "", date(2026, 8, 3))
        decisions.record(transaction, case, "decision", said)
    clock.advance(timedelta(days=30))


def _judged(samples, **answers):
    lines = [line for part in samples for line in part["lines"]]
    return [{"lines": [{"decision": line["decision"], **answers[line["name"]]} for line in lines]}]


def test_what_was_found_wrong_is_reviewed_or_decided_anew(call, decided):
    asked = {"region": COUNTY, "case": 70}
    sample = call("dibao_sample_draw", **asked)
    assert (sample["decided"], sample["drawn"]) == (2, 2)
    wrong = {"right": False, "finding": "收入与核定不符"}
    judged = _judged(sample["samples"], 王建国=wrong, 赵玉兰=wrong)
    found = call("dibao_sample_judge", judged=judged, times=1, **asked)
    assert found["wrong"] == 2
    opened = {process: values for process, _region, values in call.requested}
    assert opened["dibao_review"]["id_no"] == GRANTED["id_no"]
    anew = opened["dibao"]
    assert (anew["applicant_name"], anew["complaint"], anew["variant"]) == ("赵玉兰", True, "family")


def test_what_was_judged_once_opens_no_second_case(call, decided):
    asked = {"region": COUNTY, "case": 70}
    judged = _judged(call("dibao_sample_draw", **asked)["samples"], 王建国={"right": True}, 赵玉兰={"right": True})
    assert call("dibao_sample_judge", judged=judged, **asked)["wrong"] == 0
    again = {"right": False, "finding": "改了主意"}
    judged = _judged(call("dibao_sample_draw", **asked)["samples"], 王建国=again, 赵玉兰=again)
    assert call("dibao_sample_judge", judged=judged, **asked)["wrong"] == 0
    assert call.requested == []


def test_the_average_is_paid_per_head_and_a_single_person_counts_once(call, database, keyring):
    family = {**GRANTED, "members": [{"name": "李梅", "relation": "配偶", "birth_date": date(1968, 5, 1)}]}
    with database.write() as transaction:
        give_entry(transaction, family, keyring)
        give_entry(transaction, {**GRANTED, **REFUSED, "area": "city", "amount": 400}, keyring)
    told = call("dibao_averages", region=COUNTY)
    found = {one["area"]: (one["persons"], one["average"], one["enough"]) for one in told["averages"]}
    assert found == {"农村": (2, Decimal("210.00"), False), "城市": (1, Decimal("400.00"), True)}
    assert (told["short"], told["recipients"]) == (True, 3)
