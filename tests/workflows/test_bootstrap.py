from datetime import timedelta
from pathlib import Path

import pytest

from engine.bundle import read_library
from engine.checking import ServiceNames, check_bundle
from engine.commands.add_person import add_person
from engine.model import SYSTEM, Grant
from engine.settings import Settings
from engine.store import business_clock
from workflows.bootstrap import build_runtime, phones_on_duty
from workflows.library import put_in_force
from workflows.registers import duty
from workflows.registers.duty import OnDuty

FOLDER = Path(__file__).parents[2] / "bpmn"


@pytest.fixture
def runtime(tmp_path):
    built = build_runtime(Settings(f"sqlite:///{tmp_path / 'x.db'}", bytes(32), library=FOLDER, demo=True))
    built.database.migrate(built.migrations)
    with built.write() as transaction:
        put_in_force(built, transaction, FOLDER, read_library(FOLDER), ["reserve_refill"])
    yield built
    built.database.dispose()


def test_every_service_the_library_names_is_registered(runtime):
    known = ServiceNames(local=frozenset(runtime.services), remote=frozenset(runtime.connectors))
    without_bank = ServiceNames(local=known.local, remote=known.remote - {"bank_transfer"})

    assert unknown_services(known) == []
    assert any("bank_transfer" in sentence for sentence in unknown_services(without_bank))


def unknown_services(services: ServiceNames) -> list[str]:
    library = read_library(FOLDER)
    return [
        finding.message.en
        for process in library.folders
        for finding in check_bundle(library.bundle(process), services)
        if "service" in finding.rule
    ]


def test_putting_the_same_folder_in_force_again_changes_nothing(runtime):
    with runtime.write() as transaction:
        put_in_force(runtime, transaction, FOLDER, read_library(FOLDER), ["reserve_refill"])
        assert runtime.latest(transaction, "reserve_refill").row.version == 1


def test_the_demos_clock_moves_with_its_offset(runtime):
    before = runtime.clock.now()
    business_clock.use(runtime.clock, timedelta(days=3))

    assert timedelta(days=3) <= runtime.clock.now() - before < timedelta(days=3, minutes=1)


def test_an_alarm_finds_the_phone_on_duty_of_the_place_a_role_works_in(runtime):
    with runtime.write() as transaction:
        duty.assign(transaction, [OnDuty("410702100", "镇", "13700000001"), OnDuty("410702", "区", "13700000002")])
    phone_of = phones_on_duty(runtime.database)

    assert phone_of("township_operator", "410702100") == "13700000001"
    assert phone_of("county_operator", "410702100") == "13700000002"
    assert phone_of("township_operator", "410703001") is None


def test_investigators_are_the_townships_own_people_and_namesakes_are_told_apart(runtime):
    def add(login: str, name: str, role: str, region: str) -> None:
        add_person(
            runtime, transaction, SYSTEM, login=login, name=name, password="long-enough-1", password_hash="x",
            grants=(Grant(role, region),),
        )  # fmt: skip

    with runtime.write() as transaction:
        add("one", "王伟", "township_operator", "410702100")
        add("two", "王伟", "township_approver", "410702100")
        add("three", "李娜", "village_assistant", "410702100001")
        add("four", "张强", "township_operator", "410702101")
        add("five", "刘洋", "county_operator", "410702")
        found = runtime.sources["investigators"](transaction, {"region": "410702100", "answers": {}})

    assert sorted(option.value for option in found) == ["李娜", "王伟(one)", "王伟(two)"]


def test_the_places_offered_are_the_countys_townships(runtime):
    with runtime.read() as transaction:
        found = runtime.sources["regions"](transaction, {"region": "410721101", "answers": {}})

    assert len(found) == 8
    assert found[0].label.zh.startswith("新乡县")
