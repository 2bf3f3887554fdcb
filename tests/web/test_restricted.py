"""A restricted case exists for its readers alone: no list, count, search, figure or page says anything of it to others."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.routing import Rule

from engine.commands.add_person import add_person
from engine.commands.add_token import add_token
from engine.commands.complete_task import complete_task
from engine.commands.settle_job import settle_job
from engine.commands.start_case import start_case
from engine.model import SYSTEM, Actor, Grant
from engine.queries.gauges import gauges
from engine.queries.waiting import open_tasks, pending_services
from engine.runtime import Runtime
from engine.store import people
from engine.store import tables as t
from tests.web.conftest import ANSWERS, HERE, PASSWORD, Browser, _hashed
from web.api.table import OPERATIONS
from web.dispatch import Application

NAME = "李小雨"
CHILD = {
    "child_name": NAME, "child_id_no": "410721201506120016", "guardian_name": "李秀英",
    "guardian_id_no": "410721196303040020", "guardian_relation": "祖母", "phone": "13800373001",
    "place": "东街三号院", "father_name": "李强", "father_id_no": "410721198807150038", "father_claimed": "dead",
    "mother_name": "孙某", "mother_id_no": "", "mother_claimed": "out_of_contact", "in_institution": "", "school": "",
    "danger": "true", "payee_name": "李秀英", "bank_account": "6222021234567890128", "consent_data": "true",
    "promise_true": "true",
}  # fmt: skip
PLEDGE = {
    "pledge_made": "true", "pledge_by": "李秀英", "pledge_relation": "grandparent", "chain_last_contact": "2025-03-02",
    "chain_facts": "外出务工后没有音讯", "pledge_duty": "true",
}  # fmt: skip
FACTS = ("parent_status", "parent_months", "parent_source", "police_result")
OTHERS = (
    "operator", "colleague", "stranger", "approver", "county", "manager", "designer", "publisher", "operations",
    "administrator", "auditor",
)  # fmt: skip
# Pages that show the same to everybody, whatever cases there are.
STILL = frozenset(
    {
        "static", "auth.sign_in_page", "citizen.home", "citizen.manifest", "citizen.progress_page", "api.health",
        "api.ready", "api.metrics", "designer.elements", "designer.feel", "designer.upload_page", "admin.clock",
    }
)  # fmt: skip
NARROWED = (
    "/desk/?show=all", "/desk/?show=mine", "/desk/cases?process=child", "/desk/cases?status=open",
    f"/desk/cases?q={NAME}", "/desk/cases?q=410721201506120016", "/desk/start/check", "/desk/roster?state=all", "/desk/payroll",
    "/desk/roster?q=410721201506120016", "/watch/?process=child",
    "/watch/?process=child_chain", "/watch/overdue?process=child", "/design/child", "/migrations/child",
)  # fmt: skip
# What differs between two looks at the same page: tokens, nonces, keys of requests.
_VARIES = re.compile(r'(value|nonce|content)="[^"]{16,}"|\d{2}:\d{2}:\d{2}|<strong>[\d.]+</strong>数据库大小')


@pytest.fixture
def supervisor(runtime: Runtime) -> Actor:
    """Return the township's children's supervisor, who starts the case."""
    with runtime.write() as transaction:
        add_person(
            runtime, transaction, SYSTEM, login="supervisor", name="name of supervisor", password=PASSWORD,
            password_hash=_hashed(), grants=(Grant("child_supervisor", HERE),),
        )  # fmt: skip
        row = people.find_by_login(transaction, "supervisor")
    assert row is not None
    return people.actor(row)


@pytest.fixture
def start(runtime: Runtime, supervisor: Actor) -> Callable[[], int]:
    """Return what begins a child's case and brings it so far that it has tasks, jobs, a notice and an incident."""

    def started() -> int:
        with runtime.write() as transaction:
            case = start_case(runtime, transaction, supervisor, process="child", region=HERE, values=CHILD).key
        _answer(runtime, ("", 0, "", "cannot_search"))
        with runtime.write() as transaction:
            task = next(one for one in open_tasks(transaction) if one.element == "task_pledge")
            complete_task(runtime, transaction, supervisor, task=task.key, revision=task.revision, values=PLEDGE)
        return case

    return started


def _answer(runtime: Runtime, said: tuple[Any, ...]) -> None:
    with runtime.read() as transaction:
        job = pending_services(transaction)[0]
    with runtime.write() as transaction:
        settle_job(runtime, transaction, job=job.key, tries=job.tries, outcome=dict(zip(FACTS, said, strict=True)))


def _seen(browser: Browser, address: str) -> tuple[int, str]:
    answer = browser.get(address)
    return answer.status_code, _VARIES.sub("", answer.get_data(as_text=True))


def _lists(app: Application) -> list[str]:
    """Return every address that needs no key, so that a page added tomorrow is looked at too, and what narrows some."""
    found = [rule.rule for rule in app.url_map.iter_rules() if _is_list(rule)]
    assert {"/desk/", "/desk/cases", "/watch/", "/watch/overdue", "/admin/incidents", "/admin/people"} <= set(found)
    return sorted({*found, *NARROWED})


def _is_list(rule: Rule) -> bool:
    shown = "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint not in STILL
    return shown and not rule.rule.startswith("/v2")


def test_no_list_count_or_search_changes_for_anybody_else(
    app: Application, signed_in: Callable[[str], Browser], start: Callable[[], int]
) -> None:
    people = {login: signed_in(login) for login in OTHERS}
    looks = [(login, address) for login in OTHERS for address in _lists(app)]
    before = {(login, address): _seen(people[login], address) for login, address in looks}
    assert {login for (login, _), (status, _) in before.items() if status == 200} == set(OTHERS)

    start()

    after = {(login, address): _seen(people[login], address) for login, address in looks}
    assert [look for look in looks if after[look] != before[look]] == []
    assert [look for look in looks if NAME in after[look][1] and f"q={NAME}" not in look[1]] == []


def test_the_file_and_all_its_parts_are_not_there_for_anybody_else(
    signed_in: Callable[[str], Browser], start: Callable[[], int], runtime: Runtime
) -> None:
    case = start()
    with runtime.read() as transaction:
        tasks = transaction.execute(t.user_task.select().where(t.user_task.c.case == case)).all()
        notices = transaction.execute(t.document.select().where(t.document.c.case == case)).all()
    assert tasks
    assert notices
    addresses = [f"/desk/cases/{case}"]
    addresses += [f"/desk/tasks/{row.key}{page}" for row in tasks for page in ("", "/correct")]
    addresses += [f"/desk/documents/{row.key}" for row in notices]
    acts = [f"/desk/cases/{case}/{act}" for act in ("reveal", "cancel", "readers", "readers/1/end")]
    acts += [f"/desk/tasks/{row.key}/{act}" for row in tasks for act in ("claim", "unclaim", "assign", "fields")]
    acts += [f"/admin/suspensions/cases/{case}/resume"]

    for login in OTHERS:
        person = signed_in(login)
        # 403 says that the page is not for the role at all, whatever the case.
        codes = {address: person.get(address).status_code for address in addresses}
        codes |= {
            address: person.post(address, login=login, reason="想看一看", do="draft").status_code for address in acts
        }

        assert {address: code for address, code in codes.items() if code not in (403, 404)} == {}
        with runtime.read() as transaction:
            said = (t.audit.c.result == "denied", t.audit.c.name == f"name of {login}")
            denied = transaction.execute(t.audit.select().where(*said)).all()
        assert len(denied) == len(codes)
    with runtime.read() as transaction:
        assert transaction.execute(t.audit.select().where(t.audit.c.action == "open_file")).all() == []


def test_its_number_leaves_no_gap_in_the_numbers_others_see(
    runtime: Runtime, supervisor: Actor, start: Callable[[], int]
) -> None:
    def begun() -> str:
        with runtime.write() as transaction:
            clerk = Actor(1, "operator", (Grant("township_operator", HERE),))
            return start_case(runtime, transaction, clerk, process="relief", region=HERE, values=ANSWERS).number

    first = begun()
    start()
    assert int(begun()[-5:]) == int(first[-5:]) + 1


def test_programs_find_nothing_of_it_either(app: Application, start: Callable[[], int], runtime: Runtime) -> None:
    secrets = {}
    with runtime.write() as transaction:
        for login in OTHERS:
            secrets[login] = add_token(runtime, transaction, SYSTEM, name=login, days=9, login=login).secret
    client = app.test_client()

    def send(login: str, method: str, path: str, json: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {secrets[login]}"}
        answer = client.open(f"/v2{path}", method=method, headers=headers, json=json)
        return answer.status_code, answer.get_json(silent=True)

    searches = [one.path for one in OPERATIONS if one.path.endswith("/search") and "{" not in one.path]
    searches += [one.path for one in OPERATIONS if "/statistics/" in one.path and "{" not in one.path]
    bodies: dict[str, Any] = {
        "/process-definitions/statistics/process-instances-by-version": {"filter": {"processDefinitionId": "child"}}
    }
    looks = [(login, path) for login in OTHERS for path in searches]
    before = {one: send(one[0], "POST", one[1], bodies.get(one[1], {})) for one in looks}

    case = start()

    after = {one: send(one[0], "POST", one[1], bodies.get(one[1], {})) for one in looks}
    assert {one for one in looks if after[one] != before[one]} == set()
    with runtime.read() as transaction:
        task = next(one.key for one in open_tasks(transaction) if one.case == case)
        activity = transaction.execute(t.activity.select().where(t.activity.c.case == case)).first()
    assert activity is not None
    keys = {"processInstanceKey": case, "userTaskKey": task, "elementInstanceKey": activity.key}
    named = [one for one in OPERATIONS if any(f"{{{key}}}" in one.path for key in keys) and one.body is None]
    for login in OTHERS:
        for one in named:
            there, nowhere = one.path, one.path
            for key, value in keys.items():
                there = there.replace(f"{{{key}}}", str(value))
                nowhere = nowhere.replace(f"{{{key}}}", "1")
            answers = send(login, one.method, there)[0], send(login, one.method, nowhere)[0]
            assert answers[0] == answers[1], (login, one.method, one.path, answers)
        found = send(login, "POST", "/variables/search", {"filter": {"processInstanceKey": str(case)}})
        nothing = send(login, "POST", "/variables/search", {"filter": {"processInstanceKey": "1"}})
        assert found == nothing, (login, found)


def test_monitoring_counts_the_same_with_and_without_it(start: Callable[[], int], runtime: Runtime) -> None:
    def counted() -> tuple[Any, ...]:
        with runtime.read() as transaction:
            found = gauges(runtime, transaction)
        state = found.status
        figures = state.cases_open, state.incidents_open, state.queues, state.timers_waiting
        return found.cases, found.tasks_open, found.incidents, found.messages, found.jobs_offered, figures

    before = counted()
    start()
    assert counted() == before


def test_its_readers_see_it_and_every_opening_is_recorded(
    signed_in: Callable[[str], Browser], start: Callable[[], int], runtime: Runtime
) -> None:
    case = start()
    supervisor, keeper = signed_in("supervisor"), signed_in("keeper")

    for person in (supervisor, keeper):
        assert NAME in person.get("/desk/cases").get_data(as_text=True)
        assert person.get(f"/desk/cases/{case}").status_code == 200

    page = keeper.get(f"/desk/cases/{case}").get_data(as_text=True)
    assert "谁可以查阅" in page
    with runtime.read() as transaction:
        opened = transaction.execute(t.audit.select().where(t.audit.c.chain == f"openings:{case}")).all()
    assert [row.name for row in opened] == ["name of supervisor", "name of keeper", "name of keeper"]


def test_the_keeper_names_one_more_reader_and_takes_it_back(
    signed_in: Callable[[str], Browser], start: Callable[[], int], runtime: Runtime
) -> None:
    case = start()
    county, keeper, supervisor = signed_in("county"), signed_in("keeper"), signed_in("supervisor")
    place = f"/desk/cases/{case}"
    assert county.get(place).status_code == 404

    assert supervisor.post(f"{place}/readers", login="county", reason="协助核实").status_code == 403
    assert keeper.post(f"{place}/readers", login="county", reason="").status_code == 422
    assert keeper.post(f"{place}/readers", login="nobody", reason="协助核实").status_code == 422
    assert keeper.post(f"{place}/readers", login="county", reason="协助核实").status_code == 303
    assert county.get(place).status_code == 200
    assert NAME in county.get("/desk/cases").get_data(as_text=True)

    with runtime.read() as transaction:
        reader = next(row for row in transaction.execute(t.case_reader.select()) if row.reason == "协助核实")
    assert keeper.post(f"{place}/readers/{reader.key}/end", reason="核实完毕").status_code == 303
    assert county.get(place).status_code == 404
    assert NAME not in county.get("/desk/cases").get_data(as_text=True)
