"""The simulated sources over real HTTP: late, silent, broken and contradicting ones, each query counted once."""

from __future__ import annotations

import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from stdnum.cn import ric

from engine.errors import BpmnError
from engine.runtime import RemoteRequest
from workflows.connectors.check_source import check_remind, check_source
from workflows.connectors.http import Department, DepartmentError
from workflows.departments import Server, serve
from workflows.departments.households import Person, families
from workflows.departments.source_desk import SHARES, SourceManner, usual
from workflows.departments.sources import SOURCES, answer

WANG = {"member": "1", "name": "王建国", "id_no": "410721198001011231"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serve(tmp_path / "departments.db", slow_seconds=5) as running:
        yield running


def request(source: str, job: str = "job-1") -> RemoteRequest:
    variables = {"source": source, "request_no": "低保1-核1", "purpose": "new", "members": [WANG]}
    return RemoteRequest(job, "check_source", {"region": "410721101"}, variables, {})


@pytest.fixture
def ask(server: Server):
    connect = check_source(Department(server.url, seconds=2))

    def asked(source: str, manner: SourceManner, tries: int):
        """Return what each of the tries brought: a status, or the name of the failure."""
        server.site.sources.order(source, manner, 1)
        found = []
        for number in range(tries):
            try:
                found.append(connect(request(source, f"job-{number}"))["status"])
            except (DepartmentError, BpmnError) as error:
                found.append(type(error).__name__)
        return found

    return asked


@pytest.mark.parametrize(
    ("manner", "expected"),
    [
        (SourceManner.PROMPT, ["answered", "answered", "answered"]),
        (SourceManner.LATER, ["pending", "pending", "answered"]),
        (SourceManner.SILENT, ["pending", "pending", "pending"]),
        (SourceManner.FAIL_ONCE, ["DepartmentError", "answered", "answered"]),
        (SourceManner.GARBAGE_ONCE, ["DepartmentError", "answered", "answered"]),
        (SourceManner.DROP_ONCE, ["DepartmentError", "answered", "answered"]),
        (SourceManner.SLOW_ONCE, ["DepartmentError", "answered", "answered"]),
        (SourceManner.NO_INTERFACE, ["BpmnError", "BpmnError", "BpmnError"]),
    ],
)
def test_a_query_is_one_query_however_the_source_behaves(server, ask, manner, expected):
    assert ask("tax", manner, 3) == expected
    assert [(row["tries"], row["members"]) for row in server.site.queries.queries()] == [(3, 1)]


def test_a_repeated_query_gets_the_same_answer(server):
    server.site.sources.order("finance", SourceManner.PROMPT, 1)
    connect = check_source(Department(server.url))
    assert connect(request("finance", "job-1")) == connect(request("finance", "job-2"))


def test_every_source_answers_in_the_shape_the_check_takes(server):
    connect = check_source(Department(server.url))
    for source in SOURCES:
        server.site.sources.order(source, SourceManner.PROMPT, 1)
        assert connect(request(source))["status"] == "answered"


def test_a_reminder_is_kept_once(server):
    connect = check_remind(Department(server.url))
    for _ in range(3):
        assert connect(request("tax")) == {"reminded": True}
    assert len(server.site.queries.reminders()) == 1


def test_what_the_queries_keep_names_nobody(server, ask):
    ask("tax", SourceManner.PROMPT, 1)
    assert not any(WANG[name] in str(server.site.queries.queries()) for name in ("name", "id_no"))


def test_the_same_seed_tells_the_same_families_and_another_seed_others():
    assert families(seed=1) == families(seed=1)
    assert families(seed=1) != families(seed=2)
    numbers = [member.person.id_no for family in families() for member in family.members]
    assert all(number[-1] == ric.calc_check_digit(number) for number in numbers)


def test_the_families_live_every_kind_of_life_and_some_contradict_themselves():
    people = [member.person for family in families(400) for member in family.members]
    lives = Counter(person.life for person in people)
    two = next(person for person in people if person.life == "two_jobs")
    said = {
        item["code"]: item["number"] for source in ("tax", "human_resources") for item in answer(source, [_of(two)])
    }

    assert len(lives) == 14
    assert said["tax_income"] > 1.5 * said["wage_base"]


def test_children_own_nothing_and_pensioners_draw_a_pension():
    child, old = Person("410721201903045618"), Person("410721195005067815")
    assert list(SOURCES["finance"][1](child)) == []
    assert old.life in ("pensioner", "deceased")


def test_sources_misbehave_as_often_as_the_page_says():
    numbers = (f"4107211980{month:02}{day:02}{serial:03}X" for month in range(1, 13) for day in range(1, 29)
               for serial in (1, 2, 3))  # fmt: skip
    found = Counter(usual("tax", [{"member": "1", "id_no": number}], 2026) for number in numbers)
    total = sum(found.values())
    assert all(abs(found[manner] / total - share / 100) < 0.03 for manner, share in SHARES.items())


def test_the_page_shows_queries_reminders_and_families(server, ask):
    ask("tax", SourceManner.LATER, 1)
    page = urllib.request.urlopen(server.url).read().decode()
    assert all(text in page for text in ("低保1-核1", "税务", "各部门掌握的家庭", families()[0].members[0].name))


@pytest.mark.parametrize("members", [[], [{"member": "1"}], [{"member": "1", "id_no": "abc"}], "王建国"])
def test_a_query_about_nobody_in_particular_is_refused(server, members):
    asked = Department(server.url)
    with pytest.raises(DepartmentError, match="status 400"):
        asked.post("/sources/tax/queries", "key", {"members": members})


def _of(person: Person) -> dict[str, str]:
    return {"member": "1", "id_no": person.id_no}
