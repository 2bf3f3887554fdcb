"""The monthly comparison on its registers: who is paid wrongly, who is missed, and that nobody is found twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bundle import read_library
from engine.clock import SHANGHAI
from engine.dmn import load
from engine.feel import Environment
from workflows.registers import decisions, households, rosters
from workflows.registers.comparison import facts, findings, runs
from workflows.registers.comparison.findings import Verdict
from workflows.registers.comparison.lists import Card, Lists, News
from workflows.registers.decisions import Decision
from workflows.registers.households import HEAD, Households, Member
from workflows.registers.ledger import CaseRef
from workflows.registers.residents import Resident, Residents
from workflows.registers.rosters import Enrolment
from workflows.registers.tables import compare_finding, compare_person

BPMN = Path(__file__).parents[3] / "bpmn"
TABLE = load((BPMN / "shared/d13_subsidies.dmn").read_bytes())
FEEL = Environment(datetime(2026, 10, 15, 8, tzinfo=SHANGHAI), read_library(BPMN).calendar)
POLICY = {"sub2": {"life": {"include_edge": False}, "care": {"include_grade34_mental": False}}}
COUNTY, ELSEWHERE, MONTH, PATIENCE, WARN = "410721", "110101001", date(2026, 11, 1), 3, 6
KINDS = ("sight", "limb", "intellect", "mental")


@dataclass(frozen=True)
class Someone:
    """What holds of one person, as a naive evaluation reads it."""

    draws: tuple[str, ...] = ()
    others: tuple[str, ...] = ("dibao",)
    shared: bool = False
    kind: str | None = "limb"
    grade: int = 1
    care_need: bool = True
    ends_on: date | None = date(2030, 1, 31)
    renewal_on: date | None = None
    dead: bool = False
    home: str | None = None
    custody: bool = False
    work_injury: bool = False

    @property
    def card(self) -> str:
        """Return how the card stands in the month compared, with no set in sight."""
        if self.kind is None:
            return "none"
        if self.ends_on is None or self.ends_on >= MONTH:
            return "valid"
        if self.renewal_on is None:
            return "expired"
        return "renewing" if self.ends_on >= date(2026, 8, 1) else "overdue"

    def standing(self) -> Mapping[str, Any]:
        """Return what the decision table says of this person alone."""
        known = {
            "dead": self.dead, "away": self.home == ELSEWHERE,
            "custody": self.custody, "card": self.card, "card_expired": self.card not in ("valid", "renewing"),
            "tekun": "tekun" in self.others, "dibao": "dibao" in self.others, "edge": "edge" in self.others,
            "full_child_benefit": "orphan" in self.others, "grade": Decimal(self.grade if self.kind else 0),
            "kind": self.kind or "", "care_need": self.care_need and self.kind is not None,
            "work_injury": self.work_injury, "policy": POLICY,
        }  # fmt: skip
        found: Mapping[str, Any] = TABLE.evaluate("subsidy_standing", known, FEEL).value
        return found

    def expected(self) -> set[str]:
        """Return the queues and subsidies in which this person must be found."""
        said, found = self.standing(), set()
        for benefit, word in (("sub2_life", "living"), ("sub2_care", "care")):
            if benefit in self.draws and said[word] != "none":
                found.add(f"wrong:{word}:{said[word]}")
            if benefit not in self.draws and said[word] == "none" and said["invite"]:
                found.add(f"missed:{word}:none")
        return found


PEOPLE = st.builds(
    Someone,
    draws=st.sampled_from([(), ("sub2_life",), ("sub2_care",), ("sub2_life", "sub2_care")]),
    others=st.sampled_from([(), ("dibao",), ("edge",), ("tekun",), ("dibao", "orphan"), ("orphan",)]),
    shared=st.booleans(),
    kind=st.sampled_from([*KINDS, "limb", None]),
    grade=st.integers(1, 4),
    care_need=st.booleans(),
    ends_on=st.sampled_from([None, *(date(2026, month, 28) for month in (6, 7, 8, 10, 12)), date(2031, 1, 1)]),
    renewal_on=st.sampled_from([None, None, date(2026, 9, 1)]),
    dead=st.sampled_from([False, False, False, True]),
    home=st.sampled_from([None, None, None, "here", ELSEWHERE]),
    custody=st.sampled_from([False, False, False, True]),
    work_injury=st.sampled_from([False, False, False, True]),
)


class Town:
    """One county whose people are compared."""

    def __init__(self, database, keyring) -> None:
        self.database, self.residents, self.lists = database, Residents(keyring), Lists(keyring)
        self.households = Households(keyring)
        self.count = 0
        self.turn_to(COUNTY)

    def turn_to(self, county: str) -> None:
        """Go on in another county, in which nobody lives yet."""
        self.county, self.case = county, CaseRef(int(county), f"BD{county}", county)

    def settle_in(self, transaction, someone: Someone) -> str:
        self.count += 1
        id_no, case = f"41072119{self.count:09d}X", CaseRef(self.count, f"LS{self.count}", f"{self.county}101")
        if not someone.draws and not someone.others:
            return id_no
        key = self.residents.enter(transaction, case, Resident(f"王{self.count}", id_no), date(2026, 1, 1))
        for benefit in someone.draws:
            self._enrol(transaction, case, benefit, key, None)
        for benefit in someone.others:
            home = self._home(transaction, case, key) if someone.shared and benefit in ("dibao", "edge") else None
            self._enrol(transaction, case, benefit, key if home is None else home[0], home and home[1])
        return id_no

    def _home(self, transaction, case, member: int) -> tuple[int, int]:
        head = self.residents.enter(transaction, case, Resident(f"户主{self.count}"), date(2026, 1, 1))
        home = self.households.open_for(transaction, case, head, date(2026, 1, 1))
        members = [Member(head, HEAD), Member(member, "子女")]
        households.set_members(transaction, case, home, members, date(2026, 1, 1))
        return head, home

    def _enrol(self, transaction, case, benefit: str, holder: int, household: int | None) -> None:
        what = Decision(benefit, "granted", 60_00, "county", "陈一", "", date(2026, 1, 1))
        decision = decisions.record(transaction, case, benefit, what)
        rosters.enrol(
            transaction, case, Enrolment(benefit, holder, household, date(2026, 1, 1), 60_00, decision, None, None)
        )

    def compare(self, people: Mapping[str, Someone], case: CaseRef | None = None, month: date = MONTH) -> int | None:
        with self.database.write() as transaction:
            run = runs.open_run(transaction, case or self.case, month)
            if run is None:
                return None
            self.lists.keep_cards(
                transaction, run, [self.card(id_no, one) for id_no, one in people.items() if one.kind]
            )
            self.lists.keep_news(transaction, run, [self.news(id_no, one) for id_no, one in people.items()])
            self.find(transaction, run)
            runs.close_run(transaction, run)
        return run

    def card(self, id_no: str, one: Someone) -> Card:
        return Card(
            id_no, "某人", "", f"{id_no}41", f"{self.county}101", one.kind or "", one.grade, one.ends_on,
            one.renewal_on, one.care_need,
        )  # fmt: skip

    def news(self, id_no: str, one: Someone) -> News:
        died = date(2026, 10, 3) if one.dead else None
        home = f"{self.county}102" if one.home == "here" else one.home
        return News(id_no, died, home, one.custody or None, one.work_injury or None)

    def find(self, transaction, run: int) -> None:
        facts.write_facts(transaction, run, PATIENCE)
        findings.find(transaction, run, [_verdict(code) for code, _ in facts.groups(transaction, run)], WARN)

    def found(self, run: int) -> Mapping[bytes, set[str]]:
        with self.database.read() as transaction:
            rows = transaction.execute(sa.select(compare_finding).where(compare_finding.c.run == run)).all()
        found: dict[bytes, set[str]] = {}
        for row in rows:
            told = {f"{row.queue}:{word}:{said}" for word in ("living", "care") if (said := getattr(row, word))}
            found.setdefault(row.person, set()).update(told)
        return found


@pytest.fixture
def town(database, keyring):
    return Town(database, keyring)


@pytest.fixture
def counties():
    """Return codes of counties that do not end: each example of a property has one to itself."""
    return (str(code) for code in count(500_000))


def _verdict(code: str) -> Verdict:
    one = facts.Facts.of(code)
    known = {**vars_of(one), "card_expired": one.card not in ("valid", "renewing"), "policy": POLICY}
    said = TABLE.evaluate("subsidy_standing", known, FEEL).value
    return Verdict(code, said["living"], said["care"], said["invite"])


def vars_of(one: facts.Facts) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__} | {"grade": Decimal(one.grade)}


@given(st.lists(PEOPLE, min_size=1, max_size=12))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_sets_find_what_the_table_says_of_each_person_alone(town, keyring, counties, population):
    town.turn_to(next(counties))
    with town.database.write() as transaction:
        people = {town.settle_in(transaction, one): one for one in population}

    found = town.found(town.compare(people))
    marks = {keyring.blind("id_no", id_no): one for id_no, one in people.items()}
    wanted = {mark: one.expected() for mark, one in marks.items() if one.expected()}
    seen = {mark: {one for one in told if not one.startswith(("expiring", "yearly"))} for mark, told in found.items()}
    assert {mark: told for mark, told in seen.items() if told} == wanted


def test_a_mismatch_somebody_works_on_is_not_found_again_until_it_is_settled(town):
    with town.database.write() as transaction:
        people = {
            town.settle_in(transaction, Someone(draws=("sub2_life",), others=(), care_need=False)): Someone(
                care_need=False
            )
        }
    first = town.compare(people)
    assert list(town.found(first).values()) == [{"wrong:living:not_covered"}]

    december = town.compare(people, CaseRef(501, "BD501", COUNTY), date(2026, 12, 1))
    assert town.found(december) == {}

    with town.database.write() as transaction:
        (finding,) = findings.waiting(transaction, december, 500) or findings.waiting(transaction, first, 500) or [None]
    assert finding is None  # what the earlier month was told of people is gone, the mismatch stays

    with town.database.write() as transaction:
        person = transaction.execute(sa.select(compare_finding.c.person)).scalar_one()
        findings.settle(transaction, f"{first}/wrong/{person.hex()}", "unfounded", date(2027, 2, 1))
    january = town.compare(people, CaseRef(502, "BD502", COUNTY), date(2027, 1, 1))
    assert town.found(january) == {}
    march = town.compare(people, CaseRef(503, "BD503", COUNTY), date(2027, 3, 1))
    assert list(town.found(march).values()) == [{"wrong:living:not_covered"}]


def test_one_case_compares_a_month_and_a_page_kept_twice_counts_once(town):
    someone = Someone(draws=("sub2_care",))
    with town.database.write() as transaction:
        people = {town.settle_in(transaction, someone): someone}
    run = town.compare(people)
    assert town.compare(people) == run
    assert town.compare(people, CaseRef(501, "BD501", COUNTY)) is None
    assert list(town.found(run).values()) == [{"missed:living:none"}]
    with town.database.read() as transaction:
        assert transaction.execute(sa.select(sa.func.count()).select_from(compare_person)).scalar() == 1


def test_cards_that_end_soon_are_warned_of_once_and_not_where_a_renewal_was_asked_for(town):
    ending = Someone(draws=("sub2_life", "sub2_care"), ends_on=date(2027, 3, 31))
    renewing = replace(ending, renewal_on=date(2026, 10, 1))
    with town.database.write() as transaction:
        people = {town.settle_in(transaction, one): one for one in (ending, renewing)}
    found = town.found(town.compare(people))
    assert list(found.values()) == [{"expiring:living:due", "expiring:care:due"}]
