"""Outside workers: jobs are locked for a time, answered once, and whoever comes late hears who has the job."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.commands.activate_jobs import ActivatedJob, activate_jobs
from engine.commands.complete_job import complete_job
from engine.commands.fail_job import fail_job
from engine.commands.resolve_incident import resolve_incident
from engine.commands.stop_job import stop_job
from engine.commands.throw_job_error import throw_job_error
from engine.commands.update_job import update_job
from engine.errors import Conflict, Invalid, ModelError, NotFound
from engine.queries.case import case_page, visible_case
from engine.queries.incidents import incidents
from engine.queries.offered import any_offered
from engine.testing.places import HILL, NORTH, PORT

MINUTE = timedelta(minutes=1)


@pytest.fixture
def broker(staff):
    return staff.person("broker", NORTH)


@pytest.fixture
def rival(staff):
    return staff.person("broker", NORTH, 2)


@pytest.fixture
def clearing(office):
    """Return a case that waits for the broker."""
    return office.desk.start(office.clerk, "customs", HILL, goods="茶叶")


def _take(office, actor, worker: str = "w1", **more) -> tuple[ActivatedJob, ...]:
    given = {"type": "customs.clear", "worker": worker, "timeout": MINUTE, "most": 10, **more}
    return office.desk.do(activate_jobs, actor, **given)


def _ended(office, case) -> str | None:
    return office.desk.ask(case_page, office.clerk, case.key).summary.end_name


def test_a_listed_service_is_offered_to_workers_and_never_asked_by_our_own(office, clearing, broker):
    assert office.desk.run_due() == 0
    [job] = _take(office, broker)
    assert (job.type, job.case, job.number, job.region) == ("customs.clear", clearing.key, clearing.number, HILL)
    assert (job.element, job.process, job.entry, job.version) == ("clear", "customs", "customs", 1)
    assert (job.retries, job.lease, job.headers) == (5, 1, {"office": "north"})
    assert job.variables["goods"] == "茶叶"
    office.desk.do(complete_job, broker, job=job.key, values={"duty": 0, "load": 1})
    assert _ended(office, clearing) == "已放行"


def test_a_worker_is_given_the_variables_it_asks_for(office, clearing, broker):
    assert _take(office, broker, variables=("goods", "unknown"))[0].variables == {"goods": "茶叶"}


def test_a_locked_job_is_nobody_elses_until_its_time_is_over_and_that_costs_no_try(
    office, clearing, broker, rival, clock
):
    [first] = _take(office, broker)
    assert _take(office, rival) == ()
    assert not office.desk.ask(any_offered, rival, "customs.clear")
    clock.advance(MINUTE)
    assert office.desk.ask(any_offered, rival, "customs.clear")
    [second] = _take(office, rival, "w2")
    assert (second.key, second.retries, second.lease) == (first.key, 5, 2)
    for late in (complete_job, fail_job, throw_job_error, update_job):
        more = {fail_job: {"retries": 3}, throw_job_error: {"code": "SEIZED"}, complete_job: {"values": {}}}.get(
            late, {}
        )
        with pytest.raises(Conflict, match="w2"):
            office.desk.do(late, broker, job=first.key, **more)
    office.desk.do(complete_job, rival, job=second.key, values={"duty": 0, "load": 1})
    with pytest.raises(Conflict, match="answered"):
        office.desk.do(complete_job, broker, job=first.key, values={})


def test_an_answer_after_the_lock_has_ended_counts_while_nobody_else_has_the_job(office, clearing, broker, clock):
    [job] = _take(office, broker)
    clock.advance(timedelta(hours=1))
    office.desk.do(complete_job, broker, job=job.key, values={"duty": 0, "load": 1}, lease=job.lease)
    assert _ended(office, clearing) == "已放行"


def test_two_programs_of_one_account_are_told_apart_by_their_lease(office, clearing, broker, clock):
    [first] = _take(office, broker, "w1")
    clock.advance(MINUTE)
    [second] = _take(office, broker, "w2")
    with pytest.raises(Conflict, match="w2"):
        office.desk.do(complete_job, broker, job=first.key, values={}, lease=first.lease)
    office.desk.do(complete_job, broker, job=second.key, values={"duty": 0, "load": 1}, lease=second.lease)


def test_a_job_is_held_by_the_token_that_took_it_whatever_its_worker_calls_itself(office, clearing, broker):
    one, other = (replace(broker, person=None, token=token) for token in (11, 12))
    [job] = _take(office, one, "w1")
    answers = {complete_job: {"values": {}}, fail_job: {"retries": 1}, throw_job_error: {"code": "SEIZED"}, update_job: {}}
    for command, given in answers.items():
        with pytest.raises(Conflict, match="w1"):
            office.desk.do(command, other, job=job.key, **given)
    assert office.desk.do(update_job, one, job=job.key, retries=4).retries == 4
    office.desk.do(complete_job, one, job=job.key, values={"duty": 0, "load": 1})
    assert _ended(office, clearing) == "已放行"


def test_jobs_of_other_regions_and_types_are_not_there(office, clearing, broker, staff):
    elsewhere = office.desk.start(staff.person("clerk", PORT), "customs", PORT, goods="瓷器")
    assert [job.case for job in _take(office, broker)] == [clearing.key]
    assert [job.case for job in _take(office, staff.person("robot", PORT))] == [elsewhere.key]
    assert _take(office, office.clerk) == ()
    assert _take(office, staff.person("robot"), type="unheard.of") == ()


def test_a_job_is_not_there_for_those_who_do_not_serve_it(office, clearing, broker, staff):
    [job] = _take(office, broker)
    for stranger in (office.clerk, office.operations, staff.person("broker", PORT)):
        with pytest.raises(NotFound):
            office.desk.do(complete_job, stranger, job=job.key, values={})
    with pytest.raises(NotFound):
        office.desk.do(complete_job, broker, job=job.key + 1, values={})


def test_a_job_has_to_be_taken_before_it_is_answered(office, clearing, broker):
    [job] = _take(office, broker)
    office.desk.do(fail_job, broker, job=job.key, retries=2, back_off=timedelta())
    with pytest.raises(Conflict, match="activate it first"):
        office.desk.do(complete_job, broker, job=job.key, values={})


def test_the_oldest_jobs_are_handed_out_first_and_no_more_than_asked_for(office, broker):
    cases = [office.desk.start(office.clerk, "customs", HILL, goods=str(number)) for number in range(3)]
    assert [job.case for job in _take(office, broker, most=2)] == [case.key for case in cases[:2]]
    assert [job.case for job in _take(office, broker, most=2)] == [cases[2].key]


def test_a_failed_job_is_offered_again_after_the_pause_its_worker_asked_for(office, clearing, broker, clock):
    [job] = _take(office, broker)
    failed = office.desk.do(fail_job, broker, job=job.key, retries=2, message="busy", back_off=timedelta(minutes=7))
    assert failed.incident is None
    clock.advance(timedelta(minutes=6))
    assert _take(office, broker) == ()
    clock.advance(MINUTE)
    assert [job.retries for job in _take(office, broker)] == [2]


def test_without_a_pause_the_own_growing_one_is_taken(office, clearing, broker, clock):
    [job] = _take(office, broker)
    office.desk.do(fail_job, broker, job=job.key, retries=1)
    clock.advance(timedelta(seconds=40))
    assert _take(office, broker) == ()
    clock.advance(timedelta(seconds=40))
    assert len(_take(office, broker)) == 1


def test_what_a_failing_worker_brings_is_kept_where_its_activity_sees_it(office, clearing, broker):
    [job] = _take(office, broker)
    office.desk.do(fail_job, broker, job=job.key, retries=1, back_off=timedelta(), values={"goods": "红茶"})
    assert [again.variables["goods"] for again in _take(office, broker)] == ["红茶"]
    with office.desk.runtime.read() as transaction:
        opened = visible_case(office.desk.runtime, transaction, office.clerk, clearing.key)
        assert opened.run.view(None)["goods"] == "红茶"


def test_the_last_failure_is_an_incident_without_numbers_of_people_and_operators_let_it_be_tried_again(
    office, clearing, broker
):
    [job] = _take(office, broker)
    office.desk.do(fail_job, broker, job=job.key, retries=0, message="no file for 410721199001011234")
    [incident] = office.desk.ask(incidents, office.operations).rows
    assert (incident.element, incident.kind, incident.tries) == ("clear", "service", 1)
    assert "w1" in incident.message_en
    assert "no file for …" in incident.message_en
    assert _take(office, broker) == ()
    with pytest.raises(Conflict, match="incident"):
        office.desk.do(complete_job, broker, job=job.key, values={})
    office.desk.do(resolve_incident, office.operations, incident=incident.key, reason="档案已补")
    assert [again.key for again in _take(office, broker)] == [job.key]


def test_a_business_error_takes_its_own_way(office, clearing, broker):
    [job] = _take(office, broker)
    assert office.desk.do(throw_job_error, broker, job=job.key, code="SEIZED", values={"why": "茶虫"}).caught
    assert [row.element for row in office.desk.tasks(clearing.key)] == ["object"]


def test_an_error_nobody_catches_is_an_incident(office, clearing, broker):
    [job] = _take(office, broker)
    assert not office.desk.do(throw_job_error, broker, job=job.key, code="UNHEARD").caught
    assert ["UNHEARD" in row.message_en for row in office.desk.ask(incidents, office.operations).rows] == [True]


def test_an_answer_the_case_cannot_take_is_kept_as_an_incident_and_not_handed_out_again(
    office, clearing, broker, clock
):
    [job] = _take(office, broker)
    with pytest.raises(ModelError) as fault:
        office.desk.do(complete_job, broker, job=job.key, values={"duty": 0, "load": 13})
    office.desk.do(stop_job, broker, job=job.key, fault=fault.value)
    assert [row.element for row in office.desk.ask(incidents, office.operations).rows] == ["weigh"]
    clock.advance(timedelta(days=1))
    assert _take(office, broker) == ()


def test_a_heart_beat_moves_the_end_of_the_lock(office, clearing, broker, rival, clock):
    [job] = _take(office, broker)
    clock.advance(timedelta(seconds=50))
    beat = office.desk.do(update_job, broker, job=job.key, timeout=MINUTE, retries=9)
    assert (beat.deadline, beat.retries) == (clock.now() + MINUTE, 9)
    clock.advance(timedelta(seconds=50))
    assert _take(office, rival) == ()
    clock.advance(timedelta(seconds=10))
    assert [job.retries for job in _take(office, rival)] == [9]


@pytest.mark.parametrize(
    ("command", "given"),
    [
        (complete_job, {"values": {"policy": 1}}),
        (complete_job, {"values": {"#items": []}}),
        (complete_job, {"values": {"": 1}}),
        (complete_job, {"values": {"large": "x" * 2_000_001}}),
        (complete_job, {"values": {"odd": object()}}),
        (fail_job, {"retries": -1}),
        (fail_job, {"retries": 1, "back_off": timedelta(days=-1)}),
        (throw_job_error, {"code": " "}),
        (update_job, {"timeout": timedelta(0)}),
        (update_job, {"retries": 0}),
    ],
)
def test_what_is_out_of_bounds_is_refused(office, clearing, broker, command, given):
    [job] = _take(office, broker)
    with pytest.raises(Invalid):
        office.desk.do(command, broker, job=job.key, **given)


@pytest.mark.parametrize("given", [{"worker": " "}, {"timeout": timedelta(0)}, {"most": 0}, {"most": 201}])
def test_a_request_for_jobs_has_bounds(office, broker, given):
    with pytest.raises(Invalid):
        _take(office, broker, **given)


def test_twenty_workers_at_once_are_never_given_the_same_job(office, broker):
    cases = {office.desk.start(office.clerk, "customs", HILL, goods=str(number)).key for number in range(30)}
    start = threading.Barrier(20)
    taken: list[int] = []

    def work(name: str) -> None:
        start.wait()
        while found := _take(office, broker, name, most=2):
            for job in found:
                taken.append(job.case)
                office.desk.do(complete_job, broker, job=job.key, values={"duty": 0, "load": 1}, lease=job.lease)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(taken) == sorted(cases)


def test_waiting_workers_of_this_process_hear_of_new_jobs(office):
    offers = office.desk.runtime.offers
    seen = offers.rings
    assert not offers.wait(seen, 0.01)
    office.desk.start(office.clerk, "customs", HILL, goods="茶叶")
    assert offers.wait(seen, 10)
