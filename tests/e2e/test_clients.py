"""The official clients, unmodified, against the real server: one case in the hands of two languages."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from camunda_orchestration_sdk import CamundaAsyncClient, CamundaClient, WorkerConfig
from camunda_orchestration_sdk import models as m
from camunda_orchestration_sdk.types import File

from engine.bundle import read_library
from engine.clock import SystemClock
from engine.commands.add_person import add_person
from engine.commands.add_token import add_token
from engine.model import SYSTEM, Grant
from engine.settings import Settings
from engine.testing.kit import MASTER_KEY
from tests.e2e.clients import node_client
from tests.e2e.served import COUNTY, TOWNSHIP, Served
from workflows.bootstrap import build_runtime
from workflows.library import put_in_force

HERE = Path(__file__).parent / "clients"
CITY = HERE / "city"
ROLES = {"clerk": TOWNSHIP, "operations": "", "publisher": ""}
Found = TypeVar("Found")


def prepare(address: str) -> dict[str, str]:
    """Fill the database with the city's roles, people and tokens; return the tokens."""
    runtime = build_runtime(Settings(address, MASTER_KEY, library=CITY, worker=False), SystemClock())
    runtime.database.migrate(runtime.migrations)
    secrets = {}
    with runtime.write() as transaction:
        put_in_force(runtime, transaction, CITY, read_library(CITY), ())
        for role, region in ROLES.items():
            add_person(
                runtime, transaction, SYSTEM, login=role, name=role, password="not used to sign in",
                password_hash="none", grants=(Grant(role, region),),
            )  # fmt: skip
            secrets[role] = add_token(runtime, transaction, SYSTEM, name=role, days=1, login=role).secret
        carrier = (Grant("carrier", COUNTY),)
        secrets["carrier"] = add_token(runtime, transaction, SYSTEM, name="carrier", days=1, grants=carrier).secret
    runtime.database.dispose()
    return secrets


def configuration(served: Served, who: str, secret: str) -> dict[str, str]:
    return {
        "CAMUNDA_REST_ADDRESS": served.address, "CAMUNDA_AUTH_STRATEGY": "BASIC",
        "CAMUNDA_BASIC_AUTH_USERNAME": who, "CAMUNDA_BASIC_AUTH_PASSWORD": secret,
    }  # fmt: skip


@contextmanager
def weighing(given: Any) -> Iterator[None]:
    """Run a worker of the Python client while the block lasts."""
    over = threading.Event()

    async def weigh(job: Any) -> dict[str, Any]:
        return {"grams": 100 * len(job.variables.to_dict()["sender"])}

    async def work() -> None:
        async with CamundaAsyncClient(configuration=given) as client:
            settings = WorkerConfig(job_type="parcel.weigh", job_timeout_milliseconds=60_000, request_timeout_milliseconds=1_000)
            worker = client.create_job_worker(config=settings, callback=weigh)
            while not over.is_set():
                await asyncio.sleep(0.05)
            await worker.aclose()

    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def fetching(given: dict[str, str]) -> Iterator[None]:
    """Run a worker of the Node client while the block lasts."""
    strict = {**given, "CAMUNDA_SDK_VALIDATION": "strict"}
    process = node_client.start("carrier.mjs", strict)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("ready"), first + process.stdout.read()
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def soon(look: Callable[[], Found | None], within: float = 60.0) -> Found:
    """Return what the look finds, at the latest after a while."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("nothing was found in time")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, dict[str, str]]]:
    data = tmp_path_factory.mktemp("city")
    address = f"sqlite:///{data / 'doudi.db'}"
    secrets = prepare(address)
    server = Served(data, address, library=CITY)
    server.start()
    yield server, secrets
    server.stop()


@pytest.fixture(scope="module")
def official(served: tuple[Served, dict[str, str]]) -> Callable[[str], CamundaClient]:
    """The Python client of somebody here; a process is deployed with services that nobody here knows."""
    server, secrets = served

    def client(who: str) -> CamundaClient:
        given: Any = configuration(server, who, secrets[who])
        return CamundaClient(configuration=given)

    files = [File(payload=BytesIO(path.read_bytes()), file_name=path.name) for path in (HERE / "parcel").iterdir()]
    client("publisher").create_deployment(data=m.CreateDeploymentData(resources=files))
    return client


@pytest.fixture(scope="module")
def begin(official: Callable[[str], CamundaClient]) -> Callable[[str], str]:
    """Starts a case for a sender and returns its key."""

    def started(sender: str) -> str:
        variables = m.ProcessInstanceCreationInstructionBaseVariables.from_dict({"sender": sender})
        order = m.ProcessCreationById(process_definition_id="parcel", variables=variables)
        return official("clerk").create_process_instance(data=order).process_instance_key

    return started


def test_a_job_is_not_given_to_a_program_that_ended_while_it_waited(served, official, begin):
    server, secrets = served
    weighing = {"type": "parcel.weigh", "maxJobsToActivate": 1, "timeout": 600_000, "requestTimeout": 20_000}
    carrier = httpx.Client(base_url=server.address, auth=("carrier", secrets["carrier"]))

    # Given a program that waits for a job and ends.
    with carrier, pytest.raises(httpx.ReadTimeout):
        carrier.post("/v2/jobs/activation", json=weighing, timeout=1)

    # When a case has one, then the next program gets it.
    case = begin("zhao")
    request = m.JobActivationRequest(type_="parcel.weigh", timeout=600_000, max_jobs_to_activate=1)
    jobs = soon(lambda: official("carrier").activate_jobs(data=request).jobs, within=10)
    assert [job.process_instance_key for job in jobs] == [case]


def test_two_languages_share_the_work_of_one_case(served, official, begin):
    server, secrets = served
    clerk = official("clerk")

    # When workers in Python and in Node take its jobs,
    carrier = configuration(server, "carrier", secrets["carrier"])
    with weighing(carrier), fetching(carrier):
        good, bad = begin("wang"), begin("nobody")
        task = soon(lambda: clerk.search_user_tasks().items)[0]
        incident = soon(lambda: official("operations").search_incidents().items)[0]

    # then one case waits for a person and the other for somebody who mends it.
    assert (task.process_instance_key, incident.process_instance_key) == (good, bad)
    assert "nobody was there" in incident.error_message
    asked = m.VariableSearchQuery(filter_=m.VariableSearchQueryFilter(process_instance_key=good))
    values = {one.name: one.value for one in clerk.search_variables(data=asked).items}
    assert values == {"sender": '"wang"', "grams": "400", "waybill": '"W-wang"', "fetched": "400"}

    # When the clerk's program signs,
    answers = m.UserTaskCompletionRequestVariables.from_dict({"received": True})
    clerk.complete_user_task(user_task_key=task.user_task_key, data=m.UserTaskCompletionRequest(variables=answers))
    waiting = clerk.get_process_instance_wait_state_statistics(process_instance_key=good).items
    assert [one.element_id for one in waiting] == ["confirmed"]

    # When one program publishes the receipt the case waits for, and another the receipt of a case yet to come,
    operations = configuration(server, "operations", secrets["operations"])
    stamped = m.MessagePublicationRequestVariables.from_dict({"stamp": "ok"})
    receipt = m.MessagePublicationRequest(name="receipt", correlation_key="W-wang", variables=stamped)
    official("operations").publish_message(data=receipt)
    published = node_client.answer("publisher.mjs", {**operations, "CAMUNDA_SDK_VALIDATION": "strict"}, "receipt", "W-li")
    assert int(published["messageKey"]) > 0

    # then the case has ended, and the other takes its receipt when it begins to wait.
    assert clerk.get_process_instance(process_instance_key=good).state == m.ProcessInstanceStateEnum.COMPLETED
    with weighing(carrier), fetching(carrier):
        late = begin("li")
        signed = soon(lambda: [one for one in clerk.search_user_tasks().items if one.process_instance_key == late])[0]
    clerk.complete_user_task(user_task_key=signed.user_task_key, data=m.UserTaskCompletionRequest(variables=answers))
    soon(lambda: clerk.get_process_instance(process_instance_key=late).state == m.ProcessInstanceStateEnum.COMPLETED)
