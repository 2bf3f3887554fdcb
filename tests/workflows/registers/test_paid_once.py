"""The database itself refuses to pay a month twice, whatever code asks of it."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread
from time import sleep

import pytest
import sqlalchemy as sa

from tests.workflows.registers.town import COUNTY, NOVEMBER, OCTOBER, OTHER_COUNTY, RUN, TOWNSHIP, Town
from workflows.registers import rosters
from workflows.registers.ledger import CaseRef
from workflows.registers.payroll import batches
from workflows.registers.payroll.batches import BankFiles
from workflows.registers.payroll.freeze import recheck
from workflows.registers.payroll.gates import Gate
from workflows.registers.rosters import Change
from workflows.registers.tables import payroll_line

LINE = payroll_line.c


@pytest.fixture
def town(database, keyring):
    return Town(database, keyring)


def test_another_entry_of_the_person_or_household_is_held_and_cannot_be_sent_for_the_month(town):
    paid = town.enrol(household=77)
    town.freeze()
    town.pay()
    stop(town, paid)
    again = town.enrol(holder=town.holder(paid), region=f"{OTHER_COUNTY}001")
    relative = town.enrol(household=77, region=f"{OTHER_COUNTY}001")
    town.freeze(CaseRef(902, "FF902", OTHER_COUNTY))

    assert {entry: line[1:] for (entry, _), line in town.lines(county=OTHER_COUNTY).items()} == {
        again: (Gate.DOUBLE, "held"), relative: (Gate.DOUBLE, "held"),
    }  # fmt: skip
    for entry in (again, relative):
        for wrong in ({"state": "sent"}, {"state": "paid"}, {"state": "sent", "part": 1}):
            refused(town, "paid already|(?i:unique)", payroll_line.update().where(LINE.entry == entry).values(wrong))


def test_a_run_that_froze_before_the_other_county_paid_holds_the_line_when_it_looks_again(town):
    first = town.enrol()
    stop(town, first, NOVEMBER)
    town.freeze()
    moved = town.enrol(holder=town.holder(first), region=f"{OTHER_COUNTY}001")
    there = CaseRef(902, "FF902", OTHER_COUNTY)
    town.freeze(there)
    with town.database.write() as transaction:
        free = payroll_line.update().where(LINE.entry == moved).values(state="ready", gates=0)
        transaction.execute(free)
    town.pay()
    with town.database.write() as transaction:
        assert recheck(transaction, OTHER_COUNTY, OCTOBER) == 1
    assert town.lines(county=OTHER_COUNTY)[moved, OCTOBER][1:] == (Gate.DOUBLE, "held")


def test_nothing_more_than_the_most_a_decision_set_is_paid_for_a_month(town):
    entry = town.enrol()
    town.freeze()
    town.pay()
    row = {
        "county": OTHER_COUNTY,
        "benefit": "dibao",
        "month": NOVEMBER,
        "entry": entry,
        "for_month": OCTOBER,
        "part": 1,
    }
    row |= {"region": TOWNSHIP, "holder": town.holder(entry), "amount": 1, "decision": 1, "gates": 0, "attempt": 0}
    refused(town, "paid already", payroll_line.insert().values(row | {"state": "paid"}))
    with town.database.write() as transaction:
        transaction.insert(payroll_line, [row | {"state": "ready"}])
    refused(town, "paid already", payroll_line.update().where(LINE.part == 1).values(state="sent"))
    with town.database.write() as transaction:
        rosters.change_amount(transaction, RUN, entry, 550_01, Change(OCTOBER, "birth", 1))
        transaction.execute(payroll_line.update().where(LINE.part == 1).values(state="sent"))


def test_of_two_that_send_the_same_month_at_the_same_moment_one_is_refused(town):
    one = town.enrol()
    stop(town, one, NOVEMBER)
    town.freeze()
    other = town.enrol(holder=town.holder(one), region=f"{OTHER_COUNTY}001")
    town.freeze(CaseRef(902, "FF902", OTHER_COUNTY))
    with town.database.write() as transaction:
        transaction.execute(payroll_line.update().where(LINE.entry == other).values(part=1))
    ends, meet = [], Barrier(2)

    def send(entry: int) -> None:
        meet.wait()
        try:
            with town.database.write() as transaction:
                transaction.execute(payroll_line.update().where(LINE.entry == entry).values(state="sent"))
                sleep(0.1)
            ends.append("sent")
        except sa.exc.IntegrityError:
            ends.append("refused")

    senders = [Thread(target=send, args=(entry,)) for entry in (one, other)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(ends) == ["refused", "sent"]


def test_what_went_to_the_bank_is_not_undone_changed_or_forgotten(town):
    entry = town.enrol()
    town.freeze()
    of_entry = payroll_line.update().where(LINE.entry == entry)
    with town.database.write() as transaction:
        batch = BankFiles(town.keyring).prepare(transaction, RUN, OCTOBER, 1)
    for wrong in ({"state": "ready"}, {"state": "held"}, {"state": "carried"}, {"amount": 1}, {"holder": 1}):
        refused(town, "stays as it went", of_entry.values(wrong))
    refused(town, "stays as it went", payroll_line.delete())
    with town.database.write() as transaction:
        batches.take_back(transaction, RUN, batch.key, "rejected")
    town.pay(attempt=2)
    for state in ("ready", "sent", "returned", "carried"):
        refused(town, "stays as it went", of_entry.values(state=state))
    refused(town, "stays as it went", payroll_line.delete())


def test_a_backup_puts_paid_months_back_before_the_rosters_and_they_are_guarded_from_then_on(town, make_database):
    town.enrol()
    town.freeze()
    town.pay()
    with town.database.read() as transaction:
        (row,) = [dict(one._mapping) for one in transaction.execute(payroll_line.select())]
    restored = Town(make_database(), town.keyring)
    with restored.database.write() as transaction:
        transaction.insert(payroll_line, [row])
    restored.enrol()
    refused(restored, "stays as it went", payroll_line.update().values(state="ready"))
    refused(restored, "paid already", payroll_line.insert().values(row | {"entry": 5, "holder": 5}))


def stop(town: Town, entry: int, effective: date = OCTOBER) -> None:
    with town.database.write() as transaction:
        rosters.stop(transaction, CaseRef(800, "DB800", COUNTY), entry, Change(effective, "moved"))


def refused(town: Town, why: str, statement: sa.Executable) -> None:
    with pytest.raises(sa.exc.IntegrityError, match=why), town.database.write() as transaction:
        transaction.execute(statement)
