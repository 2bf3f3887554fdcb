from datetime import date, timedelta

import pytest

from engine.errors import ModelError
from workflows.registers import decisions, residents, rosters
from workflows.registers.benefits import benefit, benefits
from workflows.registers.decisions import Decision
from workflows.registers.ledger import CaseRef
from workflows.registers.residents import Resident, Residents
from workflows.registers.rosters import Accounts, Change, Enrolment
from workflows.registers.tables import roster, roster_event

CASE, REVIEW = CaseRef(7, "DB7", "410721101"), CaseRef(8, "FH8", "410721101")
OCTOBER, NOVEMBER, JANUARY = date(2026, 10, 1), date(2026, 11, 1), date(2027, 1, 1)
GRANT = Decision("dibao", "granted", 55000, "township", "陈一", "最低生活保障审核确认办法第二十一条", date(2026, 9, 1))


@pytest.fixture
def holder(database, keyring):
    with database.write() as transaction:
        return Residents(keyring).enter(transaction, CASE, Resident("王建国", "410721196503124413"), date(2026, 9, 1))


def enrolled(transaction, holder, case=CASE, **changes):
    decision = decisions.record(transaction, case, "confirmation", GRANT)
    what = {"benefit": "dibao", "holder": holder, "household": 5, "since": OCTOBER, "amount": 55000}
    return rosters.enrol(transaction, case, Enrolment(**{**what, "decision": decision, **changes}))


def due(transaction, month, region="4107", of="dibao"):
    return [(one.entry, one.amount, one.state) for one in rosters.payable(transaction, of, region, month)]


def test_an_entry_is_paid_from_its_first_month_until_it_is_stopped(database, holder):
    with database.write() as transaction:
        entry = enrolled(transaction, holder)
        assert due(transaction, date(2026, 9, 1)) == []
        assert due(transaction, OCTOBER) == [(entry, 55000, "active")]
        assert due(transaction, OCTOBER, "410702") == []
        assert rosters.live_benefits(transaction, holder, 5) == {"dibao"}

        assert rosters.stop(transaction, REVIEW, entry, Change(JANUARY, "death"))
        assert not rosters.stop(transaction, REVIEW, entry, Change(JANUARY, "death"))
        assert due(transaction, date(2026, 12, 1)) == [(entry, 55000, "stopped")]
        assert due(transaction, JANUARY) == []
        assert rosters.live_benefits(transaction, holder, 5) == frozenset()


def test_an_amount_that_a_later_decision_sets_holds_from_its_month_and_both_decisions_stay(database, holder, clock):
    with database.write() as transaction:
        entry = enrolled(transaction, holder)
    clock.advance(timedelta(days=30))
    with database.write() as transaction:
        lower = decisions.record(transaction, REVIEW, "adjustment", GRANT)
        assert rosters.change_amount(transaction, REVIEW, entry, 33000, Change(NOVEMBER, "income", lower), "B")
        assert [rosters.amount_on(transaction, entry, day) for day in (OCTOBER, NOVEMBER)] == [55000, 33000]
        # What is decided for the coming month stands already, so that it is lowered again only after a hearing.
        before = [rosters.standing_amount(transaction, entry, date(2026, month, 20)) for month in (9, 10, 11)]
        assert before == [55000, 33000, 33000]
        (november,) = rosters.payable(transaction, "dibao", "410721101", NOVEMBER)
        events = transaction.execute(roster_event.select().order_by(roster_event.c.key)).all()
        (row,) = transaction.execute(roster.select()).all()

    assert november.decision == lower
    assert [(one.kind, one.reason) for one in events] == [("enrolled", ""), ("amount_changed", "income")]
    assert row._mapping["class"] == "B"


def test_nobody_is_enrolled_twice_but_one_may_come_back_after_a_stop(database, holder):
    with database.write() as transaction:
        entry = enrolled(transaction, holder)
        assert enrolled(transaction, holder) == entry
        with pytest.raises(ModelError, match="DB7"):
            enrolled(transaction, holder, REVIEW)
        rosters.stop(transaction, CASE, entry, Change(NOVEMBER, "own_wish"))
        assert enrolled(transaction, holder, REVIEW, since=JANUARY) != entry
        assert [amount for _, amount, _ in due(transaction, JANUARY)] == [55000]


def test_a_suspended_entry_shows_it_and_goes_on_with_its_amount(database, holder):
    with database.write() as transaction:
        entry = enrolled(transaction, holder)
        assert rosters.suspend(transaction, REVIEW, entry, Change(NOVEMBER, "card_expired"))
        assert due(transaction, NOVEMBER) == [(entry, 55000, "suspended")]
        assert not rosters.suspend(transaction, REVIEW, entry, Change(NOVEMBER, "card_expired"))
        assert rosters.resume(transaction, REVIEW, entry, Change(JANUARY, "card_renewed"))
        assert due(transaction, JANUARY) == [(entry, 55000, "active")]


def test_an_entry_moves_with_its_holder(database, holder):
    with database.write() as transaction:
        entry = enrolled(transaction, holder)
        assert rosters.move(transaction, REVIEW, entry, "410702100", Change(NOVEMBER, "hukou_move"))
        assert due(transaction, NOVEMBER, "410702") == [(entry, 55000, "active")]
        assert due(transaction, NOVEMBER, "410721") == []


def test_a_death_and_the_account_stand_beside_what_is_due(database, keyring, holder):
    accounts = Accounts(keyring)
    to = {"payee_name": "王建国", "bank_account": "6228480402564890018", "bank": "农业银行"}
    with database.write() as transaction:
        entry = enrolled(transaction, holder)
        accounts.set(transaction, entry, to, checked=True)
        residents.note_death(transaction, holder, date(2026, 10, 9))
        (one,) = rosters.payable(transaction, "dibao", "4107", OCTOBER)

    assert (one.died_on, one.account_checked) == (date(2026, 10, 9), True)
    assert b"6228480402564890018" not in one.account
    assert accounts.open(entry, one.account) == to


def test_a_decision_is_written_once_and_keeps_what_it_said(database):
    with database.write() as transaction:
        first = decisions.record(transaction, CASE, "confirmation", GRANT)
        assert decisions.record(transaction, CASE, "confirmation", GRANT) == first
        assert decisions.record(transaction, CASE, "adjustment", GRANT) != first


def test_every_benefit_of_a_child_is_confidential():
    assert {one.id for one in benefits().values() if one.confidential} == {"orphan", "unattended"}
    with pytest.raises(ModelError, match="nothing"):
        benefit("nothing")
