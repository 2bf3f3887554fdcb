"""What every request of a program has in common: tokens, refusals in words, repetitions, filters and pages."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from engine.commands.add_person import add_person
from engine.commands.add_token import add_token
from engine.commands.revoke_token import revoke_token
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.model import SYSTEM, Actor, Grant
from engine.queries.tokens import token_list
from engine.store import people
from engine.store import tables as t
from engine.testing.places import HILL
from web.api.refusing import FAILURES_OF_ADDRESS
from web.api.table import OPERATIONS

ANSWERS = {"goods": "茶叶", "phone": "13800000001", "weight": 2.5}
PROBLEM = "application/problem+json"


def begin(program, goods="茶叶", **headers):
    body = {"processDefinitionId": "errand", "variables": {**ANSWERS, "goods": goods}}
    return program.post("/process-instances", body, **headers)


def test_without_a_valid_token_nothing_is_told_but_the_interface(app):
    client = app.test_client()
    assert client.get("/v2/openapi.json").status_code == 200
    for at, operation in enumerate(OPERATIONS):
        path = operation.path
        for key in operation.keys:
            path = path.replace(f"{{{key}}}", "1")
        for headers in ({}, {"Authorization": "Bearer doudi_guessed"}):
            from_elsewhere = {"REMOTE_ADDR": f"10.0.0.{at}"}
            answer = client.open(
                f"/v2{path}", method=operation.method, headers=headers, environ_base=from_elsewhere
            )
            assert (answer.status_code, answer.content_type) == (401, PROBLEM)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_address_that_keeps_failing_is_told_to_wait(app, secrets):
    client, wrong = app.test_client(), {"Authorization": "Bearer doudi_guessed"}
    answers = [client.get("/v2/topology", headers=wrong).status_code for _ in range(FAILURES_OF_ADDRESS.most + 1)]
    assert answers == [401] * FAILURES_OF_ADDRESS.most + [429]
    right = {"Authorization": f"Bearer {secrets['clerk']}"}
    assert client.get("/v2/topology", headers=right).status_code == 200


def test_a_token_is_a_bearers_or_a_basic_password_until_it_is_over_or_revoked(app, runtime, secrets):
    client, secret = app.test_client(), secrets["clerk"]
    basic = base64.b64encode(f"clerk:{secret}".encode()).decode()
    for header in (f"Bearer {secret}", f"bearer {secret}", f"Basic {basic}"):
        answer = client.get("/v2/authentication/me", headers={"Authorization": header})
        assert answer.json["username"] == "clerk"
        assert answer.json["roles"] == ["clerk"]
    assert client.get("/v2/topology", headers={"Authorization": "Basic nonsense"}).status_code == 401
    with runtime.write() as transaction:
        [line] = [one for one in token_list(runtime, transaction, SYSTEM) if one.name == "clerk-program"]
        assert line.used_at is not None
        revoke_token(runtime, transaction, SYSTEM, token=line.key)
        with pytest.raises(Conflict):
            revoke_token(runtime, transaction, SYSTEM, token=line.key)
        with pytest.raises(NotFound):
            revoke_token(runtime, transaction, SYSTEM, token=1)
    assert client.get("/v2/topology", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    with runtime.write() as transaction:
        transaction.execute(t.api_token.update().values(expires_at=transaction.wall - timedelta(seconds=1)))
    for other in secrets.values():
        assert client.get("/v2/topology", headers={"Authorization": f"Bearer {other}"}).status_code == 401


def test_the_token_of_somebody_who_left_is_void(app, runtime, secrets):
    with runtime.write() as transaction:
        person = people.find_by_login(transaction, "clerk")
        people.change(transaction, person.key, active=False)
    answer = app.test_client().get("/v2/topology", headers={"Authorization": f"Bearer {secrets['clerk']}"})
    assert answer.status_code == 401


def test_a_token_is_of_a_person_or_of_a_worker_and_only_administrators_add_one(runtime):
    grants = (Grant("courier", HILL),)
    with runtime.write() as transaction:
        add_person(
            runtime, transaction, SYSTEM, login="mei", name="梅", password="x" * 12, grants=(Grant("clerk", HILL),)
        )
        wrong = ({}, {"login": "nobody"}, {"login": "mei", "grants": grants}, {"grants": (Grant("king", ""),)})
        for more in wrong:
            with pytest.raises(Invalid):
                add_token(runtime, transaction, SYSTEM, name="program", days=30, **more)
        for name, days in (("", 30), ("program", 0), ("program", 10_000), ("with space", 30)):
            with pytest.raises(Invalid):
                add_token(runtime, transaction, SYSTEM, name=name, days=days, grants=grants)
        clerk = Actor(1, "clerk", (Grant("clerk", HILL),))
        with pytest.raises(Forbidden):
            add_token(runtime, transaction, clerk, name="program", days=30, grants=grants)
        with pytest.raises(Forbidden):
            token_list(runtime, transaction, clerk)
        added = add_token(runtime, transaction, SYSTEM, name="program", days=30, grants=grants)
    with runtime.read() as transaction:
        stored = str(transaction.execute(t.api_token.select()).all())
        actions = [row.action for row in transaction.execute(t.audit.select().where(t.audit.c.chain == "tokens"))]
    assert added.secret not in stored
    assert actions == ["add_token"]


def test_a_refusal_is_a_problem_in_the_language_asked_for(program):
    clerk = program("clerk")
    for path, status in (("/nothing", 404), ("/process-instances/1", 404), ("/process-instances/abc", 404)):
        answer = clerk.get(path)
        assert (answer.status_code, answer.content_type) == (status, PROBLEM)
        assert answer.json.keys() >= {"type", "title", "status", "detail", "instance"}
    assert clerk.get("/process-instances/99999999999999999999").status_code == 404
    assert clerk.send("DELETE", "/topology").status_code == 405
    chinese = clerk.send("GET", "/process-instances/1", Accept_Language="zh")
    assert "没有找到" in chinese.json["detail"]
    assert clerk.get("/v2").status_code == 404


def test_a_denial_is_audited(program, runtime):
    assert program("clerk").post("/incidents/search").status_code == 403
    with runtime.read() as transaction:
        [row] = transaction.execute(t.audit.select().where(t.audit.c.result == "denied")).all()
    assert (row.action, row.name) == ("v2.search_incidents", "name of clerk")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"processDefinitionId": "errand", "variables": 3}, "variables"),
        ({"processDefinitionId": "errand", "colour": "red"}, "colour"),
        ({"processDefinitionId": "errand", "variables": {"goods": "", "weight": -1}}, "goods"),
        ({"processDefinitionId": "errand", "tags": ["place"]}, "tags[0]"),
    ],
)
def test_a_body_that_is_not_right_is_refused_by_field(program, body, field):
    answer = program("clerk").post("/process-instances", body)
    assert answer.status_code == 400
    assert field in answer.json["fields"]


def test_what_is_no_json_or_too_much_is_refused(program):
    clerk = program("clerk")
    path, headers = "/v2/process-instances", clerk.headers
    for data, type_, status in (
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"processDefinitionId": "a\\u0000"}', "application/json", 400),
        (b'{"processDefinitionId": "\\ud800"}', "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b" " * (5 * 1024 * 1024), "application/json", 413),
    ):
        answer = clerk.client.post(path, data=data, content_type=type_, headers=headers)
        assert (answer.status_code, answer.content_type) == (status, PROBLEM)


def test_a_repeated_request_has_one_effect_and_one_answer(program):
    clerk = program("clerk")
    first = begin(clerk, Idempotency_Key="once")
    again = begin(clerk, Idempotency_Key="once")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == again.json
    assert begin(clerk, goods="咖啡", Idempotency_Key="once").status_code == 409
    assert clerk.post("/process-instances/search").json["page"]["totalItems"] == 1
    assert begin(clerk, Idempotency_Key="x" * 201).status_code == 400


def test_new_instances_begin_where_the_token_reaches_and_on_the_newest_version(program):
    clerk = program("clerk")
    body = {"processDefinitionId": "errand", "variables": ANSWERS}
    assert clerk.post("/process-instances", {**body, "tags": [f"region:{HILL}"]}).json["tags"] == [f"region:{HILL}"]
    assert clerk.post("/process-instances", {**body, "tags": ["region:410722201"]}).status_code == 403
    assert clerk.post("/process-instances", {**body, "processDefinitionVersion": 7}).status_code == 409
    assert clerk.post("/process-instances", {**body, "processDefinitionId": "nothing"}).status_code == 404
    assert clerk.post("/process-instances", {"variables": ANSWERS}).status_code == 400
    assert program("supervisor").post("/process-instances", body).status_code == 403


def numbers_of(answer):
    assert answer.status_code == 200, answer.json
    return [int(item["businessId"][-5:]) for item in answer.json["items"]]


def test_lists_are_filtered_sorted_and_paged(program):
    clerk = program("clerk")
    begun = [begin(clerk, goods=f"货{at}").json for at in range(1, 6)]
    path = "/process-instances/search"

    def ask(**body):
        return clerk.post(path, body)

    third = begun[2]
    key, number = third["processInstanceKey"], third["businessId"]
    for filter_, expected in (
        ({"processInstanceKey": key}, [3]),
        ({"processInstanceKey": {"$in": [key, begun[0]["processInstanceKey"]]}}, [1, 3]),
        ({"processInstanceKey": {"$neq": key}}, [1, 2, 4, 5]),
        ({"processInstanceKey": {"$notIn": [key]}}, [1, 2, 4, 5]),
        ({"businessId": number}, [3]),
        ({"businessId": {"$like": "*0000?"}}, [1, 2, 3, 4, 5]),
        ({"businessId": {"$like": "100%"}}, []),
        ({"businessId": {"$exists": True}, "state": "ACTIVE"}, [1, 2, 3, 4, 5]),
        ({"state": {"$in": ["COMPLETED", "TERMINATED"]}}, []),
        ({"endDate": {"$exists": False}}, [1, 2, 3, 4, 5]),
        ({"parentProcessInstanceKey": {"$exists": True}}, []),
        ({"startDate": {"$gte": "2026-09-23T00:00:00+08:00", "$lt": "2026-09-24T00:00:00+08:00"}}, [1, 2, 3, 4, 5]),
        ({"startDate": {"$gt": "2026-09-24T00:00:00+08:00"}}, []),
        ({"processDefinitionVersion": {"$gte": 1, "$lte": 1}, "hasIncident": False}, [1, 2, 3, 4, 5]),
        ({"hasIncident": True}, []),
        ({"tenantId": "<default>"}, [1, 2, 3, 4, 5]),
    ):
        assert numbers_of(ask(filter=filter_)) == expected, filter_
    newest = {"sort": [{"field": "startDate", "order": "DESC"}, {"field": "businessId", "order": "DESC"}]}
    assert numbers_of(ask(**newest)) == [5, 4, 3, 2, 1]
    first = ask(page={"limit": 2}, **newest)
    second = ask(page={"limit": 2, "after": first.json["page"]["endCursor"]}, **newest)
    assert [numbers_of(first), numbers_of(second)] == [[5, 4], [3, 2]]
    back = ask(page={"limit": 2, "before": second.json["page"]["startCursor"]}, **newest)
    assert numbers_of(back) == [5, 4]
    assert numbers_of(ask(page={"from": 4}, **newest)) == [1]
    assert [answer.json["page"]["totalItems"] for answer in (first, second, back)] == [5, 5, 5]
    for page in ({"after": "nonsense"}, {"after": first.json["page"]["endCursor"], "from": 1}, {"limit": 100_000}):
        assert ask(page=page, **newest).status_code == 400
    assert ask(page={"after": first.json["page"]["endCursor"]}).status_code == 400
    for filter_ in ({"colour": "red"}, {"state": "SLEEPING"}, {"startDate": "2026-09-23T09:00:00"}, {"hasIncident": 3}):
        assert ask(filter=filter_).status_code == 400


def test_the_document_describes_every_operation(app):
    document = json.loads(app.test_client().get("/v2/openapi.json").get_data())
    validate(document, cls=OpenAPIV31SpecValidator)
    described = {
        (method.upper(), path): operation["operationId"]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    served = {
        (method, rule.rule.removeprefix("/v2"))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("v2.") and rule.endpoint != "v2.openapi"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert len(described) == len(served) == len(OPERATIONS)
    assert len(set(described.values())) == len(OPERATIONS)


WORDS = st.sampled_from([
    "filter", "sort", "page", "limit", "from", "after", "variables", "processDefinitionId", "processDefinitionKey",
    "state", "$in", "$like", "$eq", "processInstanceKey", "name", "assignee", "type", "timeout", "changeset",
    "maxJobsToActivate", "priority", "retries", "tags", "field",
])  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
JUNK = [operation for operation in OPERATIONS if operation.body is not None]


@pytest.mark.parametrize("who", ["clerk", "courier"])
def test_junk_is_refused_and_never_breaks_anything(program, who):
    sender = program(who)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(operation=st.sampled_from(JUNK), body=JSON, key=st.integers(0, 10**24))
    def send(operation, body, key):
        path = operation.path
        for name in operation.keys:
            path = path.replace(f"{{{name}}}", str(key))
        if operation.name == "activate_jobs" and isinstance(body, dict):
            body["requestTimeout"] = -1
        answer = sender.send(operation.method, path, body)
        assert answer.status_code < 500, answer.get_data(as_text=True)
        assert answer.status_code in (200, 204) or answer.content_type == PROBLEM

    send()


def test_a_cancellation_gives_its_reason_and_may_ask_for_compensation(program):
    key = begin(program("clerk")).json["processInstanceKey"]
    path = f"/process-instances/{key}"
    assert program("operations").post(f"{path}/cancellation", {"compensate": "yes"}).status_code == 400
    given = {"reason": "重复申请", "compensate": True}
    assert program("operations").post(f"{path}/cancellation", given).status_code == 204
    assert program("clerk").get(path).json["state"] == "TERMINATED"
