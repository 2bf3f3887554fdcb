from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workflows.registers import households, residents
from workflows.registers.households import Household, Households, Member
from workflows.registers.ledger import CaseRef
from workflows.registers.residents import Resident, Residents
from workflows.registers.tables import household_member, resident_version

CASE, LATER = CaseRef(7, "SQ7", "410721101"), CaseRef(8, "BD8", "410721101")
WANG = Resident("王建国", "410721196503124413", "13800373001", {"health": "serious_illness"})
SPRING, SUMMER, AUTUMN = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)


@pytest.fixture
def people(keyring):
    return Residents(keyring)


def test_the_same_identity_number_is_the_same_resident_in_every_case(database, people):
    with database.write() as transaction:
        first = people.enter(transaction, CASE, WANG, SPRING)
        again = people.enter(transaction, LATER, WANG, AUTUMN)
        other = people.enter(transaction, LATER, Resident("王建国", "41072119880101123X"), AUTUMN)

        assert (again, people.find(transaction, WANG.id_no)) == (first, first)
        assert other != first
        assert people.read(transaction, first, AUTUMN).person == WANG


def test_a_person_without_papers_is_entered_once_a_case_and_papers_may_turn_up_later(database, people):
    with database.write() as transaction:
        unknown = people.enter(transaction, CASE, Resident("某人"), SPRING)
        assert people.enter(transaction, CASE, Resident("某人"), SPRING) == unknown
        assert people.enter(transaction, LATER, Resident("某人"), SPRING) != unknown
        assert people.enter(transaction, CASE, Resident("某人", WANG.id_no), SUMMER) == unknown
        assert people.find(transaction, WANG.id_no) == unknown


def test_who_is_entered_again_with_less_keeps_what_is_known(database, people):
    with database.write() as transaction:
        key = people.enter(transaction, CASE, WANG, SPRING)
        people.enter(transaction, LATER, Resident(WANG.name, WANG.id_no, "", {"disability_grade": "1"}), AUTUMN)

        known = people.read(transaction, key, AUTUMN).person
        assert known == Resident(WANG.name, WANG.id_no, WANG.phone, {**WANG.facts, "disability_grade": "1"})
        assert people.read(transaction, key, SUMMER).person == WANG


def test_nothing_readable_of_a_resident_is_stored(database, people):
    with database.write() as transaction:
        people.enter(transaction, CASE, WANG, SPRING)
        stored = repr(transaction.execute(resident_version.select()).all()).encode()

    for secret in (WANG.name.encode(), WANG.id_no.encode(), WANG.phone.encode(), b"serious_illness"):
        assert secret not in stored


def test_news_of_a_death_is_written_and_taken_back(database, people):
    with database.write() as transaction:
        key = people.enter(transaction, CASE, WANG, SPRING)
        residents.note_death(transaction, key, SUMMER)
        assert people.read(transaction, key, AUTUMN).died_on == SUMMER
        residents.note_death(transaction, key, None)
        assert people.read(transaction, key, AUTUMN).died_on is None


def test_a_household_reads_as_it_was_on_a_day_and_as_it_was_known_at_a_moment(database, keyring, people, clock):
    register = Households(keyring)
    with database.write() as transaction:
        head, wife = (people.enter(transaction, CASE, one, SPRING) for one in (WANG, Resident("刘某", "")))
        key = register.open_for(transaction, CASE, head, SPRING)
        register.describe(transaction, CASE, key, Household("410721101", "rural", "东街三号", {"rooms": 3}), SPRING)
        households.set_members(transaction, CASE, key, [Member(head, "本人"), Member(wife, "配偶")], SPRING)
        known_then = clock.now()
    clock.advance(timedelta(days=1))
    with database.write() as transaction:
        register.describe(transaction, LATER, key, Household("410721101", "city", "新区一号"), SUMMER)
        households.remove(transaction, key, wife, SUMMER)

    with database.read() as transaction:
        assert register.read(transaction, key, SPRING) == Household("410721101", "rural", "东街三号", {"rooms": 3})
        assert register.read(transaction, key, AUTUMN).area == "city"
        assert register.read(transaction, key, AUTUMN, known_then).area == "rural"
        assert register.read(transaction, key, SPRING - timedelta(days=1)) is None
        assert [one.relation for one in households.members(transaction, key, SPRING)] == ["本人", "配偶"]
        assert [one.relation for one in households.members(transaction, key, AUTUMN)] == ["本人"]
        assert len(households.members(transaction, key, AUTUMN, known_then)) == 2
        assert households.of_resident(transaction, head, AUTUMN) == key
        assert households.of_resident(transaction, wife, AUTUMN) is None


def test_saying_what_is_known_writes_nothing(database, keyring, people):
    register = Households(keyring)
    with database.write() as transaction:
        head = people.enter(transaction, CASE, WANG, SPRING)
        key = register.open_for(transaction, CASE, head, SPRING)
        what = Household("410721101", "rural", "东街三号")
        assert register.describe(transaction, CASE, key, what, SPRING)
        assert not register.describe(transaction, LATER, key, what, SUMMER)
        assert not people.describe(transaction, LATER, head, WANG, AUTUMN)
        assert not households.add(transaction, LATER, key, Member(head, "本人"), AUTUMN)
        assert register.open_for(transaction, LATER, head, AUTUMN) == key


DAYS = st.integers(0, 12)
SAYINGS = st.lists(st.tuples(DAYS, st.none() | DAYS, st.sampled_from(["配偶", "子女", None])), max_size=8)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(sayings=SAYINGS)
def test_whatever_is_said_in_whatever_order_each_day_has_what_was_said_last_of_it(make_database, sayings):
    """The oracle is a list with one cell a day; None takes a member out from a day on."""
    database = make_database()
    expected = [None] * 16
    first = date(2026, 1, 1)
    of = {"household": 1, "resident": 2}
    for start, end, relation in sayings:
        if end is not None and end <= start:
            continue
        with database.write() as transaction:
            since = first + timedelta(days=start)
            if relation is None:
                households.MEMBERS.end(transaction, of, since)
                expected[start:] = [None] * (16 - start)
                continue
            until = None if end is None else first + timedelta(days=end)
            values = {"relation": relation, "counted": True, "case": 7}
            households.MEMBERS.state(transaction, of, values, since, until)
            stop = 16 if end is None else end
            expected[start:stop] = [relation] * (stop - start)

    with database.read() as transaction:
        told = [
            [one.relation for one in households.members(transaction, 1, first + timedelta(days=day))]
            for day in range(16)
        ]
        now = household_member.c.recorded_to.is_(None)
        rows = transaction.execute(household_member.select().where(now)).all()
    assert told == [[] if one is None else [one] for one in expected]
    assert all(row.valid_to is None or row.valid_to > row.valid_from for row in rows)
