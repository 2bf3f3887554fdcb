"""Who asked departments about whom: only with an authorisation, and whoever supervises them can read it."""

from __future__ import annotations

import pytest

from engine.clock import FixedClock
from engine.commands.start_case import start_case
from engine.model import Actor, Grant
from engine.rehearsal.player import Player
from engine.runtime import Runtime
from engine.scenario import read_scenarios
from engine.store import tables as t
from tests.web.conftest import ANSWERS, HERE, LIBRARY
from tests.web.test_tasks import Enter, first_task
from workflows.registers import authorisations
from workflows.registers.authorisations import ECONOMIC_CHECK
from workflows.registers.tables import check_person, check_request, check_source_call, query_log

COMMON = "scenarios/common.yaml"
WANG, LI = "410721198001011231", "410721198202032426"
STORY = f"""
name: 乡镇委托核对夫妻二人
on: 2026-09-23T09:00
start: {{by: system, at: 410721102, data: {{origin: 低保1, composed: true, purpose: new, programme: dibao, residence: rural,
  items: [household, tax], members: [
  {{name: 王建国, id_no: "{WANG}", relation: 本人, lives_together: true, absence: "no", authorised: true, authorised_until: 2027-09-20}},
  {{name: 李秀英, id_no: "{LI}", relation: 配偶, lives_together: true, absence: "no", authorised: true, authorised_until: 2027-09-20}}]}}}}
steps: []
expect: {{}}
"""


@pytest.fixture
def requested(runtime: Runtime, clock: FixedClock) -> int:
    """Return the case of a check that waits for the county's control."""
    common = (LIBRARY / "check" / COMMON).read_bytes()
    (scenario,) = read_scenarios({COMMON: common, "scenarios/asked.yaml": STORY.encode()})
    player = Player(runtime, clock, scenario, "check")
    player.engage()
    player.do(scenario.start)
    return player.case


def accept(county: object) -> int:
    place = first_task(county)
    county.get(place)
    return county.press(place, do="complete", control_result="accept", control_note="").status_code


def test_a_query_without_authorisation_is_forbidden_and_noted(
    runtime: Runtime, requested: int, signed_in: Enter
) -> None:
    with runtime.write() as transaction:
        for row in transaction.execute(check_person.select()).all():
            authorisations.withdraw(transaction, row.resident, ECONOMIC_CHECK, "本人撤回")

    assert accept(signed_in("county")) == 403

    with runtime.read() as transaction:
        denied = transaction.execute(t.audit.select().where(t.audit.c.result == "denied")).all()
        assert [row.name for row in denied] == ["name of county"]
        assert transaction.execute(query_log.select()).first() is None
        open_task = transaction.execute(t.user_task.select().where(t.user_task.c.status == "open")).one()
    assert (open_task.case, open_task.element) == (requested, "task_control")


def test_supervisors_read_who_asked_about_whom_in_their_region(requested: int, signed_in: Enter) -> None:
    assert accept(signed_in("county")) == 303

    page = signed_in("auditor").get("/watch/queries").get_data(as_text=True)
    assert "共 2 人次" in page
    assert all(
        said in page for said in ("name of county", "新申请", "王建国", "李秀英", "410721********1231", "税务", "公安")
    )
    assert WANG not in page
    assert LI not in page
    manager = signed_in("manager")
    assert "共 1 人次" in manager.get(f"/watch/queries?q={LI}&region=410721").get_data(as_text=True)
    assert "没有查询记录" in manager.get("/watch/queries?q=410702197608084468").get_data(as_text=True)
    assert "没有查询记录" in manager.get("/watch/queries?region=410702").get_data(as_text=True)
    assert "共 2 人次" in signed_in("approver").get("/watch/queries").get_data(as_text=True)
    assert signed_in("operator").get("/watch/queries").status_code == 403


def test_queries_of_a_restricted_case_are_there_for_its_readers_alone(
    runtime: Runtime, requested: int, signed_in: Enter
) -> None:
    assert accept(signed_in("county")) == 303
    with runtime.write() as transaction:
        transaction.execute(t.case.update().where(t.case.c.key == requested).values(restricted=1))

    for login in ("auditor", "manager", "county", "approver"):
        page = signed_in(login).get("/watch/queries").get_data(as_text=True)
        assert "没有查询记录" in page, login


def test_the_log_is_read_page_by_page(runtime: Runtime, requested: int, signed_in: Enter) -> None:
    assert accept(signed_in("county")) == 303
    with runtime.write() as transaction:
        known = [row._mapping for row in transaction.execute(query_log.select()).all()]
        copies = [{**row, "request": row["request"] + more} for more in range(1, 25) for row in known]
        transaction.execute(query_log.insert(), copies)

    auditor = signed_in("auditor")
    first = auditor.get("/watch/queries").get_data(as_text=True)
    address = first.partition('href="/watch/queries?after=')[2].partition('"')[0]
    second = auditor.get(f"/watch/queries?after={address}").get_data(as_text=True)
    assert "共 50 人次" in first
    assert (first.count('<tr><th scope="row">'), second.count('<tr><th scope="row">')) == (40, 10)
    assert "更早的记录" not in second


def test_a_member_takes_the_authorisation_back_and_the_running_check_stops(
    runtime: Runtime, requested: int, signed_in: Enter
) -> None:
    assert accept(signed_in("county")) == 303
    operator = Actor(1, "operator", (Grant("township_operator", HERE),))
    with runtime.write() as transaction:
        origin = start_case(runtime, transaction, operator, process="relief", region=HERE, values=ANSWERS).number
        transaction.execute(check_request.update().values(origin=origin))
    said = {"origin": origin, "member_id_no": LI, "withdrawn_reason": "本人到窗口要求撤回"}
    said |= {"start_region": HERE, "do": "start"}
    place = "/desk/start/authorisation_withdrawal"

    desk = signed_in("operator")
    desk.get(place)
    assert desk.press(place, **{**said, "member_id_no": "410721197203154420"}).status_code == 422
    desk.get(place)
    assert desk.press(place, **said).status_code == 200

    with runtime.read() as transaction:
        case = transaction.execute(t.case.select().where(t.case.c.key == requested)).one()
        calls = transaction.execute(check_source_call.select()).all()
        waiting = transaction.execute(
            t.job.select().where(t.job.c.case == requested, t.job.c.status == "waiting")
        ).all()
    assert (case.status, case.end_name) == ("ended", "授权撤回")
    assert {(call.status, call.raw) for call in calls} == {("purged", None)}
    assert waiting == []
