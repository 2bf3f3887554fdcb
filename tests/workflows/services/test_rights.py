from datetime import date
from decimal import Decimal

from workflows.registers import delegations, duty
from workflows.registers.delegations import Delegation
from workflows.registers.duty import OnDuty


def blocked(call, region="410702100"):
    return call("act_first_right", case=99, region=region)["act_first_blocked"]


def test_overdue_paperwork_blocks_the_township_until_the_last_of_it_is_settled(call):
    assert not blocked(call)
    call("paperwork_overdue", case=7)
    call("paperwork_overdue", case=8)

    call("paperwork_settled", case=7)
    assert blocked(call)
    assert not blocked(call, region="410702101")
    call("paperwork_settled", case=8)
    assert not blocked(call)


def test_an_extension_that_passes_blocks_again(call):
    call("paperwork_overdue")
    call("paperwork_settled")
    call("paperwork_overdue")

    assert blocked(call)


def test_without_a_record_the_limit_is_a_multiple_of_the_standard(call):
    assert call("delegated_limit") == {"delegated": True, "delegated_limit": Decimal(2001)}


def test_without_a_record_the_policy_says_what_is_delegated_and_what_is_no_item_never_is(call):
    found = {matter: call("delegated_limit", matter=matter)["delegated"] for matter in ("dibao", "edge", "sub2_life")}

    assert found == {"dibao": True, "edge": False, "sub2_life": False}


def test_the_townships_record_comes_before_the_countys_and_only_in_its_time(call, database):
    records = [
        Delegation("410702", "temp", 3000_00, date(2026, 1, 1)),
        Delegation("410702100", "temp", 5000_00, date(2026, 7, 1), date(2026, 9, 22)),
        Delegation("410702101", "temp", 4000_00, date(2026, 7, 1), date(2026, 9, 23)),
        Delegation("410702102", "temp", 9000_00, date(2026, 9, 24)),
        Delegation("410702101", "dibao", 1_00, date(2026, 7, 1)),
    ]
    with database.write() as transaction:
        delegations.record(transaction, records)

    limits = {
        region: int(call("delegated_limit", region=region)["delegated_limit"])
        for region in ("410702100", "410702101", "410702102", "410703001")
    }
    assert limits == {"410702100": 3000, "410702101": 4000, "410702102": 3000, "410703001": 2001}


def test_once_a_record_has_run_out_or_was_withdrawn_the_county_decides(call, database):
    with database.write() as transaction:
        delegations.record(
            transaction,
            [
                Delegation("410702", "dibao", 0, date(2026, 1, 1), date(2026, 9, 22), unlimited=True),
                Delegation("410703", "dibao", 0, date(2026, 1, 1), unlimited=True),
                Delegation("410703001", "dibao", 0, date(2026, 2, 1), unlimited=True),
            ],
        )
        delegations.withdraw(
            transaction, Delegation("410703", "dibao", 0, date(2026, 9, 23), withdrawn=True, unlimited=True)
        )

    told = {
        region: call("delegated_limit", region=region, matter="dibao")
        for region in ("410702100", "410703001", "410704")
    }
    assert {region: found["delegated"] for region, found in told.items()} == {
        "410702100": False,
        "410703001": False,
        "410704": True,
    }
    assert told["410703001"]["delegated_limit"] is None


def test_the_township_on_duty_answers_first_then_the_county(database):
    with database.write() as transaction:
        duty.assign(
            transaction, [OnDuty("410702", "县值班", "13700000000"), OnDuty("410702100", "镇值班", "13700000001")]
        )
        duty.assign(transaction, [OnDuty("410702100", "镇值班二", "13700000002")])
        found = [duty.on_duty(transaction, region) for region in ("410702100", "410702101", "410703001")]

    assert [one.name if one else None for one in found] == ["镇值班二", "县值班", None]
