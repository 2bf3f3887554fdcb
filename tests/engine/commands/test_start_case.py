from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from engine.commands.start_case import start_case
from engine.errors import Forbidden, Invalid, NotFound
from engine.queries.case import case_page, visible_case
from engine.queries.cases import cases
from engine.testing.places import HILL, LAKE, NORTH, PORT
from engine.testing.staff import CITIZEN

PARCEL = {"sender_name": "王芳", "phone": "13800000001", "amount": "100"}


def test_a_case_starts_with_a_number_of_its_place_and_year_and_waits_for_the_first_person(office):
    case = office.approval()
    assert case.number == f"{HILL}-26-00001"
    assert [(row.element, row.role, row.region) for row in office.desk.tasks(case.key)] == [("record", "clerk", HILL)]
    page = office.desk.ask(case_page, office.clerk, case.key)
    assert (page.summary.title, page.summary.status, page.summary.started_by) == ("王芳", "open", office.clerk.name)


def test_numbers_of_a_place_follow_each_other_and_places_count_apart(office, staff):
    numbers = [office.approval().number for _ in range(2)]
    numbers.append(office.desk.start(staff.person("clerk", LAKE), "approval", LAKE, **PARCEL).number)
    assert numbers == [f"{HILL}-26-00001", f"{HILL}-26-00002", f"{LAKE}-26-00001"]


def test_a_start_refused_uses_no_number(office):
    with pytest.raises(Invalid):
        office.desk.start(office.clerk, "approval", HILL, sender_name="王芳")
    assert office.approval().number.endswith("00001")


def test_every_wrong_field_gets_its_sentence_and_nothing_is_stored(office):
    with pytest.raises(Invalid) as refused:
        office.desk.start(office.clerk, "approval", HILL, sender_name="", phone="12", amount="20000")
    assert refused.value.fields.keys() == {"sender_name", "phone", "amount"}
    assert all(text.zh and text.en for text in refused.value.fields.values())
    assert office.desk.ask(cases, office.regional).total == 0


def test_foreign_fields_are_ignored(office):
    case = office.approval(verdict="yes", policy="mine", booking="9")
    office.desk.complete(office.clerk, case.key, "record", {"weight": "3", "verdict": "yes"})
    assert [row.element for row in office.desk.tasks(case.key)] == ["decide"]
    with office.desk.runtime.read() as transaction:
        view = visible_case(office.desk.runtime, transaction, office.clerk, case.key).run.view(None)
        assert view.get("verdict") is None
        assert view.get("booking") is None


def test_a_citizen_starts_what_the_citizen_role_starts_and_nothing_else(desk):
    assert desk.start(CITIZEN, "approval", HILL, **PARCEL).number.startswith(HILL)
    with pytest.raises(Forbidden):
        desk.start(CITIZEN, "tour", HILL, route="甲线")


def test_a_person_starts_only_in_places_and_processes_of_the_role(office, staff):
    with pytest.raises(Forbidden):
        office.desk.start(office.clerk, "approval", LAKE, **PARCEL)
    with pytest.raises(Forbidden):
        office.desk.start(office.supervisor, "approval", HILL, **PARCEL)
    with pytest.raises(Forbidden):
        office.desk.start(office.regional, "approval", PORT, **PARCEL)
    assert office.desk.start(office.regional, "approval", LAKE, **PARCEL).number.startswith(LAKE)


def test_an_unknown_place_is_refused_at_its_field(office):
    with pytest.raises(Invalid) as refused:
        office.desk.start(office.clerk, "approval", "410799999", **PARCEL)
    assert refused.value.fields.keys() == {"region"}


def test_an_unknown_process_is_not_found(office):
    with pytest.raises(NotFound):
        office.desk.start(office.clerk, "nothing", HILL)


def test_tasks_stand_in_the_region_at_the_level_of_their_role(office, clock):
    case = office.recorded()
    clock.set(clock.now().replace(month=10, day=12))
    office.desk.run_due()
    assert {(row.role, row.region) for row in office.desk.tasks(case.key)} == {("regional", NORTH), ("clerk", HILL)}


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_repeated_start_has_one_effect_and_one_answer(office, times):
    def once():
        return office.desk.do(
            start_case, office.clerk, process="approval", region=HILL, values=PARCEL, idempotency_key="form-7"
        )

    assert len({once() for _ in range(times)}) == 1
    assert office.desk.ask(cases, office.clerk).total == 1


def test_the_same_key_of_another_person_is_another_request(office):
    for actor in (office.clerk, office.other_clerk):
        office.desk.do(start_case, actor, process="approval", region=HILL, values=PARCEL, idempotency_key="form-7")
    assert office.desk.ask(cases, office.clerk).total == 2


def test_repetitions_at_the_same_moment_have_one_effect_and_one_answer(office):
    barrier = Barrier(6)

    def once(_: int):
        barrier.wait()
        return office.desk.do(
            start_case, office.clerk, process="approval", region=HILL, values=PARCEL, idempotency_key="form-7"
        )

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(once, range(6)))) == 1
    assert office.desk.ask(cases, office.clerk).total == 1
