"""A month's roster as those who confirm it read it: what is new, what changed, who is gone, and nothing of a child."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.access import Scope
from tests.workflows.registers.town import COUNTY, NEXT_RUN, NOVEMBER, OCTOBER, RUN, TOWNSHIP, Town
from workflows.registers import residents, rosters
from workflows.registers.payroll import townships
from workflows.registers.payroll.gates import Gate
from workflows.registers.payroll.month_areas import areas, frozen_months
from workflows.registers.payroll.month_roster import MonthRoster
from workflows.registers.rosters import Change

BESIDE = "410721102"
EVERYWHERE = Scope(("",), (), None)


@pytest.fixture
def town(database, keyring):
    return Town(database, keyring)


@pytest.fixture
def roster(keyring):
    return MonthRoster(keyring)


@pytest.fixture
def second_month(town, clock):
    """Return four entries: one paid as before, one raised, one stopped, one new in November."""
    same, raised, stopped = town.enrol(), town.enrol(), town.enrol()
    town.freeze()
    town.pay()
    clock.advance(timedelta(days=30))
    with town.database.write() as transaction:
        rosters.set_amount(transaction, RUN, raised, 600_01, NOVEMBER, 7)
        rosters.stop(transaction, RUN, stopped, Change(NOVEMBER, "death"))
    new = town.enrol(since=NOVEMBER)
    town.freeze(NEXT_RUN, NOVEMBER)
    return same, raised, stopped, new


def entries(page):
    return {line.ref.entry: (line.amount, line.before) for line in page.rows}


def test_every_payment_stands_beside_the_month_before(town, roster, second_month):
    same, raised, _stopped, new = second_month
    with town.database.read() as transaction:
        page = roster.page(transaction, EVERYWHERE, NOVEMBER, TOWNSHIP)
        changed = roster.page(transaction, EVERYWHERE, NOVEMBER, TOWNSHIP, changed=True)
    assert entries(page) == {same: (550_00, 550_00), raised: (600_01, 550_00), new: (550_00, None)}
    assert (page.total, page.next) == (3, None)
    assert set(entries(changed)) == {raised, new}
    assert changed.total == 2


def test_who_was_paid_and_is_no_longer_due_is_named_with_the_reason(town, roster, second_month):
    stopped = second_month[2]
    with town.database.read() as transaction:
        (gone,) = roster.gone(transaction, EVERYWHERE, NOVEMBER, TOWNSHIP)
        elsewhere = roster.gone(transaction, EVERYWHERE, NOVEMBER, BESIDE)
    assert (gone.person.name, gone.before, gone.state, gone.until) == ("王3", 550_00, "stopped", NOVEMBER)
    assert gone.number == f"DB{3}"
    assert elsewhere == []
    assert stopped


def test_arrears_are_shown_with_the_month_they_are_for(town, roster, clock):
    september = date(2026, 9, 1)
    late = town.enrol(since=september)
    town.freeze()
    with town.database.read() as transaction:
        page = roster.page(transaction, EVERYWHERE, OCTOBER, TOWNSHIP, changed=True)
    assert [(line.ref.entry, line.ref.for_month) for line in page.rows] == [(late, september), (late, OCTOBER)]
    assert [line.before for line in page.rows] == [None, None]


def test_failed_gates_accounts_and_places_are_told(town, roster):
    dead = town.enrol()
    town.enrol(region=BESIDE)
    with town.database.write() as transaction:
        residents.note_death(transaction, town.holder(dead), date(2026, 9, 12))
    town.freeze()
    with town.database.read() as transaction:
        (line,) = roster.page(transaction, EVERYWHERE, OCTOBER, TOWNSHIP, failed=True).rows
        both = roster.page(transaction, EVERYWHERE, OCTOBER, COUNTY)
        beside = roster.page(transaction, EVERYWHERE, OCTOBER, BESIDE, failed=True)
    assert (line.gates, line.state, line.account, line.case) == (Gate.DEAD, "held", str(dead)[-4:], None)
    assert both.total == 2
    assert beside.total == 0


def test_a_payment_that_came_back_is_among_those_to_look_at(town, roster):
    _paid, back = town.enrol(), town.enrol()
    town.freeze()
    town.pay(failing=[back])
    with town.database.read() as transaction:
        (line,) = roster.page(transaction, EVERYWHERE, OCTOBER, TOWNSHIP, failed=True).rows
        (area,) = areas(transaction, OCTOBER, COUNTY, 9)
    assert (line.ref.entry, line.state, line.reason) == (back, "returned", "账户已销户")
    assert area.unpaid == 1


def test_a_confidential_benefit_is_in_no_line_and_no_sum(town, roster):
    shown = town.enrol()
    town.enrol("orphan", 1350_00)
    town.freeze()
    town.freeze(benefit="orphan")
    with town.database.read() as transaction:
        page = roster.page(transaction, EVERYWHERE, OCTOBER, TOWNSHIP)
        asked = roster.page(transaction, EVERYWHERE, OCTOBER, TOWNSHIP, benefit="orphan")
        (area,) = areas(transaction, OCTOBER, COUNTY, 9)
    assert set(entries(page)) == {shown}
    assert asked.total == 0
    assert (area.lines, area.total) == (1, 550_00)


def test_pages_follow_each_other_without_gap_or_repetition(town, roster):
    made = {town.enrol() for _ in range(5)} | {town.enrol("sub2_life", 60_00) for _ in range(2)}
    town.freeze()
    town.freeze(benefit="sub2_life")
    seen, after = [], None
    with town.database.read() as transaction:
        while True:
            page = roster.page(transaction, EVERYWHERE, OCTOBER, TOWNSHIP, after=after, limit=3)
            assert page.total == 7
            seen += [line.ref.entry for line in page.rows]
            after = page.next
            if after is None:
                break
    assert len(seen) == 7
    assert set(seen) == made


def test_a_county_sees_who_confirmed_and_who_has_not(town):
    town.enrol()
    town.enrol(region=BESIDE)
    town.freeze()
    with town.database.write() as transaction:
        townships.ask(transaction, RUN, OCTOBER)
        townships.confirm(transaction, TOWNSHIP, OCTOBER, "郭丽桂")
    with town.database.read() as transaction:
        confirmed, open_ = areas(transaction, OCTOBER, COUNTY, 9)
        (county,) = areas(transaction, OCTOBER, "", 6)
        assert frozen_months(transaction, COUNTY) == [OCTOBER]
        assert frozen_months(transaction, "410702") == []
    assert (confirmed.area, confirmed.confirmed_by) == (TOWNSHIP, "郭丽桂")
    assert (open_.area, open_.confirmed_at) == (BESIDE, None)
    assert (county.lines, county.total) == (2, 1100_00)
