from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.errors import ModelError
from workflows.registers import applications, authorisations, changes, publicities
from workflows.registers.applications import Application, Applications
from workflows.registers.authorisations import Authorisation, Authorisations
from workflows.registers.changes import Report
from workflows.registers.ledger import CaseRef
from workflows.registers.publicities import Posting, Publicities, Shown
from workflows.registers.tables import application, change_report, publicity

CASE, OTHER = CaseRef(7, "SQ7", "410721101"), CaseRef(8, "SQ8", "410721101")
ASKED = Application("wechat", "410721196503124413", "13800373001", "大召营镇东街三号")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (Application("window", id_no=ASKED.id_no), "同一身份证号"),
        (Application("phone", phone=ASKED.phone, address="大召营镇,东街三号"), "同一手机号、同一地址"),
        (Application("phone", "41072119880101123X", "13800373999", "别处"), None),
        (Application("proactive"), None),
    ],
)
def test_an_application_like_another_of_the_last_days_is_found(database, keyring, clock, other, why):
    register = Applications(keyring)
    with database.write() as transaction:
        register.register(transaction, CASE, ASKED)
    clock.advance(timedelta(days=20))
    with database.write() as transaction:
        register.register(transaction, OTHER, other)
        found = register.alike(transaction, OTHER, other, days=30)
        assert [(one.number, one.why) for one in found] == ([("SQ7", why)] if why else [])
        assert register.alike(transaction, OTHER, other, days=10) == []


def test_an_application_corrected_keeps_its_time_and_state(database, keyring, clock):
    register = Applications(keyring)
    with database.write() as transaction:
        register.register(transaction, CASE, ASKED)
        applications.turn(transaction, CASE, "accepted")
        begun = clock.now()
    clock.advance(timedelta(days=2))
    with database.write() as transaction:
        register.register(transaction, CASE, Application("wechat", "41072119880101123X", danger=True))
        applications.turn(transaction, CASE, "accepted")
        applications.link(transaction, CASE, 3, 4)
        (row,) = transaction.execute(application.select()).all()

    assert (row.applied_at, row.accepted_at, row.state, row.danger) == (begun, begun, "accepted", True)
    assert (row.resident, row.household) == (3, 4)


def test_one_application_stands_in_each_programme_it_was_sorted_into(database):
    with database.write() as transaction:
        for name, state in (("dibao", "proposed"), ("sub2", "declined"), ("dibao", "confirmed")):
            applications.programme(transaction, CASE, name, state)
        applications.programme(transaction, CASE, "dibao", "started", OTHER)
        found = applications.programmes(transaction, CASE)

    assert [tuple(one) for one in found] == [("dibao", "started", "SQ8"), ("sub2", "declined", None)]


def authorised(clock, resident, **changes):
    given = {"purpose": "check", "scope": ("tax", "bank"), "way": "face", "version": "2026-1", "signer": "王建国"}
    given |= {"signer_as": "本人", "given_at": clock.now(), "valid_to": date(2027, 9, 23)}
    return Authorisation(resident, **{**given, **changes})


def test_an_authorisation_opens_the_data_of_one_person_for_one_purpose_until_it_ends(database, keyring, clock):
    register = Authorisations(keyring)
    day = clock.now().date()
    with database.write() as transaction:
        key = register.give(transaction, CASE, authorised(clock, 1))
        assert register.give(transaction, CASE, authorised(clock, 1)) == key
        (one,) = authorisations.valid(transaction, [1, 2], "check", day)
        assert (one.key, one.scope) == (key, {"tax", "bank"})
        assert register.signer(transaction, key) == ("王建国", "本人")
        assert authorisations.missing(transaction, [1, 2], "check", day) == [2]
        assert authorisations.missing(transaction, [1], "statistics", day) == [1]
        assert authorisations.missing(transaction, [1], "check", date(2027, 9, 23)) == [1]
        assert authorisations.missing(transaction, [1], "check", day, OTHER) == [1]


def test_a_withdrawn_authorisation_opens_nothing_from_then_on(database, keyring, clock):
    register = Authorisations(keyring)
    with database.write() as transaction:
        register.give(transaction, CASE, authorised(clock, 1))
        assert authorisations.withdraw(transaction, 1, "check", "本人撤回") == 1
        assert authorisations.withdraw(transaction, 1, "check", "本人撤回") == 0
        assert authorisations.missing(transaction, [1], "check", clock.now().date()) == [1]


def posting(kind="dibao"):
    return Posting(kind, "before", "村务公开栏", date(2026, 9, 28), date(2026, 10, 5), Shown("王建国", 3, Decimal(550)))


def test_a_posting_shows_three_items_and_is_sealed(database, keyring):
    log = Publicities(keyring)
    with database.write() as transaction:
        key = log.post(transaction, CASE, "publicity", posting())
        assert log.post(transaction, CASE, "publicity", posting()) == key
        assert publicities.turn(transaction, CASE, "publicity", "interrupted")
        assert publicities.turn(transaction, CASE, "publicity", "posted", date(2026, 10, 9))
        assert not publicities.turn(transaction, CASE, "publicity", "posted")
        assert log.shown(transaction, key) == Shown("王建国", 3, Decimal(550))
        (row,) = transaction.execute(publicity.select()).all()

    assert (row.ends_on, row.standing) == (date(2026, 10, 9), "posted")
    assert "王建国".encode() not in row.shown


@pytest.mark.parametrize("kind", ["orphan", "unattended"])
def test_g7_a_childs_case_is_never_posted(database, keyring, kind):
    with pytest.raises(ModelError, match="never made public"), database.write() as transaction:
        Publicities(keyring).post(transaction, CASE, "publicity", posting(kind))


def test_a_change_report_keeps_what_was_found_and_what_came_of_it(database):
    with database.write() as transaction:
        changes.report(transaction, CASE, Report("member_add", "village_assistant", date(2026, 9, 20), household=5))
        changes.settle(transaction, CASE, "true", "increase", date(2026, 10, 1))
        changes.report(transaction, CASE, Report("member_add", "citizen", date(2026, 9, 20), household=5))
        (row,) = transaction.execute(change_report.select()).all()
        assert changes.of_household(transaction, 5) == [("SQ7", "member_add", "increase")]

    assert (row.source, row.verified, row.effective_from) == ("citizen", "true", date(2026, 10, 1))
