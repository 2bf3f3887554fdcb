from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from engine.clock import SHANGHAI
from workflows.registers import funds, monitoring
from workflows.registers.relief import ReliefRegister
from workflows.registers.tables import temp_case

FIRE = {
    "applicant_name": "王小明",
    "id_no": "410702198001011234",
    "phone": "13700000001",
    "place": "洪门镇 东街12号",
    "cause": "disaster",
    "persons": Decimal(2),
    "requested": Decimal(1500),
    "track": "T2",
}


def look(call, case=8, **changes):
    return call("relief_look_back", case=case, **{**FIRE, **changes})


def test_the_first_emergency_finds_nothing_before_it(call):
    call("relief_register", **FIRE)

    assert look(call, case=7) == {
        "same_within_hours": [],
        "possible_duplicate": False,
        "same_cause_last": None,
        "same_cause_recent": False,
        "monitor_group": None,
    }


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"phone": "", "place": ""}, "同一身份证号、同一事由"),
        ({"id_no": "", "place": "别处1号", "cause": "illness"}, "同一手机号"),
        ({"id_no": "", "phone": "", "place": "洪门镇东街12号"}, "同一地址、同一事由"),
        ({"id_no": "", "phone": "", "place": "洪门镇,东街12号。"}, "同一地址、同一事由"),
    ],
)
def test_the_same_person_phone_or_address_is_found_with_the_reason(call, clock, changes, why):
    call("relief_register", **FIRE)
    clock.advance(timedelta(hours=5))

    found = look(call, **changes)

    assert found["possible_duplicate"]
    assert found["same_within_hours"] == [
        {"number": "LS7", "at": datetime(2026, 9, 23, 9, tzinfo=SHANGHAI), "applicant": "王**", "why": why}
    ]


def test_the_same_address_text_of_another_township_is_another_place(call):
    call("relief_register", **FIRE)

    found = call("relief_look_back", case=8, region="410721101", cause="disaster", place=FIRE["place"])

    assert not found["possible_duplicate"]


@pytest.mark.parametrize(("later", "found"), [(timedelta(hours=72), True), (timedelta(hours=72, seconds=1), False)])
def test_what_happened_more_than_72_hours_ago_is_no_duplicate(call, clock, later, found):
    call("relief_register", **FIRE)
    clock.advance(later)

    assert look(call)["possible_duplicate"] is found


def give(call, case=7, amount=Decimal(1000)):
    call("fund_allocate", case=1, amount=Decimal(5000))
    call("relief_register", case=case, **FIRE)
    payment = call("payment_book", case=case, amount=amount, fund="township", purpose="relief-1", way="transfer")
    call("payment_confirm", case=case, payment=payment["payment"])
    call("relief_settle", case=case, outcome="paid")
    return payment["payment"]


@pytest.mark.parametrize(
    ("now", "recent"),
    [(datetime(2027, 9, 22, 23, 59), True), (datetime(2027, 9, 23, 0, 0), False), (datetime(2026, 9, 30), True)],
)
def test_relief_for_the_same_cause_counts_for_twelve_months(call, clock, now, recent):
    give(call)
    clock.set(now.replace(tzinfo=SHANGHAI))

    found = look(call)

    assert found["same_cause_last"] == datetime(2026, 9, 23).date()
    assert found["same_cause_recent"] is recent
    assert look(call, cause="illness")["same_cause_last"] is None


def test_an_application_that_got_nothing_is_no_earlier_relief(call):
    call("relief_register", **FIRE)
    call("relief_settle", outcome="refused")

    assert look(call)["same_cause_last"] is None


def test_burnt_papers_are_entered_later_and_the_row_stays_one(call, database):
    call("relief_register", **{**FIRE, "id_no": None})
    call("relief_register", **FIRE)

    with database.read() as transaction:
        rows = transaction.execute(temp_case.select()).all()
    assert [(row.provisional_person, row.person is not None) for row in rows] == [(False, True)]
    assert b"410702198001011234" not in bytes(rows[0].person) + bytes(rows[0].applicant)


def test_a_refused_remainder_does_not_undo_what_was_granted(call, database):
    give(call, amount=Decimal("1234.56"))
    call("relief_settle", outcome="refused")

    with database.read() as transaction:
        row = transaction.execute(temp_case.select()).one()
    assert (row.outcome, row.amount) == ("paid", 123456)


def test_the_monitoring_register_says_the_group_on_the_day(call, database, keyring, clock):
    person = ReliefRegister(keyring).person(FIRE["id_no"])
    with database.write() as transaction:
        monitoring.watch(transaction, "410702100", {person: "边缘易致贫户"}, clock.now().date())

    assert look(call)["monitor_group"] == "边缘易致贫户"
    assert look(call, id_no="")["monitor_group"] is None
    clock.advance(timedelta(days=-1))
    assert look(call)["monitor_group"] is None


def test_a_fund_of_another_level_is_refused_in_words(database):
    with pytest.raises(Exception, match="township or a county"):
        funds.fund_of("410702100", "city")
