"""What a remote job costs: taken and answered by an outside worker over HTTP, or asked by our own through DBOS."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import msgspec

from engine.commands.add_token import add_token
from engine.commands.start_case import start_case
from engine.jobs import start_worker
from engine.model import SYSTEM, Grant
from engine.queries.search.cases import search_cases
from engine.queries.search.criteria import Condition, Criteria
from engine.runtime import RemoteRequest, Runtime
from web.bench.costs import Costs
from web.bench.served import fresh_environment, served
from web.bench.server import COMMITS, CPU, STATEMENTS
from web.bench.workshop import REGION, Staff, open_workshop
from web.cli.environment import settings
from workflows.bootstrap import build_runtime

WORKERS = 4
AT_ONCE = 10
WARM_UP = 10
_MILLI = 1e6


class Program:
    """A worker's program with its token and connection."""

    def __init__(self, address: str, secret: str) -> None:
        parts = urlsplit(address)
        self._connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=60)
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    def post(self, path: str, body: Any) -> tuple[Any, Mapping[str, str]]:
        """Return the answer and what it cost. Raises RuntimeError when the server refuses."""
        self._connection.request("POST", f"/v2{path}", msgspec.json.encode(body), self._headers)
        response = self._connection.getresponse()
        data = response.read()
        if response.status not in (200, 204):
            raise RuntimeError(f"Expected an answer to {path}, but the server said {response.status}: {data.decode()}")
        return msgspec.json.decode(data) if data else None, dict(response.headers)

    def take(self, most: int) -> tuple[list[str], Mapping[str, str]]:
        """Return the keys of jobs now held, and what taking them cost."""
        asked = {"type": "bench.carry", "timeout": 600_000, "maxJobsToActivate": most, "requestTimeout": -1}
        answer, costs = self.post("/jobs/activation", asked)
        return [job["jobKey"] for job in answer["jobs"]], costs

    def complete(self, job: str) -> Mapping[str, str]:
        """Complete the job; return what that cost."""
        return self.post(f"/jobs/{job}/completion", {"variables": {"receipt": f"R-{job}"}})[1]


def measure(jobs: int, address: str | None = None) -> dict[str, Any]:
    """Return the figures of this many jobs each way, in a new SQLite file or in the empty database at ``address``."""
    with TemporaryDirectory() as folder:
        environment = fresh_environment(Path(folder), address)
        runtime = build_runtime(settings(worker=False, source=environment))
        try:
            staff = open_workshop(runtime)
            with served(environment) as server:
                outside = _outside(runtime, staff, server, jobs)
            return {
                "jobs": jobs, "database": runtime.database.engine.dialect.name, "outside_worker": outside,
                "own_connector": _own(runtime, staff, jobs),
            }  # fmt: skip
        finally:
            runtime.database.dispose()


def _outside(runtime: Runtime, staff: Staff, server: str, jobs: int) -> dict[str, Any]:
    with runtime.write() as transaction:
        grants = (Grant("carrier", ""),)
        secret = add_token(runtime, transaction, SYSTEM, name="carrier", days=1, grants=grants).secret
    _begin(runtime, staff, "carried", WARM_UP + jobs)
    program, costs = Program(server, secret), Costs()
    _work_alone(program, Costs(), WARM_UP)
    began = time.perf_counter()
    _work_alone(program, costs, jobs)
    alone = time.perf_counter() - began
    _begin(runtime, staff, "carried", jobs)
    began = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as several:
        done = sum(several.map(lambda _: _work_beside(Program(server, secret)), range(WORKERS)))
    together = time.perf_counter() - began
    return {
        **costs.shown(),
        "jobs_per_second": round(jobs / alone, 1), f"jobs_per_second_{WORKERS}_workers": round(done / together, 1),
    }  # fmt: skip


def _work_alone(program: Program, costs: Costs, jobs: int) -> None:
    """Work the jobs off one by one; each costs its share of the activation, and its completion."""
    while jobs > 0:
        began = time.perf_counter()
        taken, activation = program.take(min(AT_ONCE, jobs))
        wall = (time.perf_counter() - began) / len(taken)
        for job in taken:
            began = time.perf_counter()
            completion = program.complete(job)
            costs.wall.append((wall + time.perf_counter() - began) * 1000)
            for kept, name, unit in ((costs.cpu, CPU, _MILLI), (costs.statements, STATEMENTS, 1), (costs.commits, COMMITS, 1)):
                kept.append((int(activation[name]) / len(taken) + int(completion[name])) / unit)
        jobs -= len(taken)


def _work_beside(program: Program) -> int:
    done = 0
    while taken := program.take(AT_ONCE)[0]:
        for job in taken:
            program.complete(job)
        done += len(taken)
    return done


def _own(runtime: Runtime, staff: Staff, jobs: int) -> dict[str, Any]:
    runtime.connectors = {**runtime.connectors, "bench.ask": _answer}
    _begin(runtime, staff, "asked", WARM_UP + jobs)
    worker = start_worker(runtime)
    try:
        # Until a few are done, DBOS is still starting.
        first, cpu, wall = _ended(runtime, staff, WARM_UP), time.process_time(), time.perf_counter()
        last = _ended(runtime, staff, WARM_UP + jobs)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    finally:
        worker.stop()
    return {"process_cpu_ms_per_job": round(cpu * 1000 / (last - first), 2), "jobs_per_second": round((last - first) / wall, 1)}


def _answer(request: RemoteRequest) -> Mapping[str, Any]:
    return {"receipt": f"R-{request.key}"}


def _ended(runtime: Runtime, staff: Staff, most: int) -> int:
    """Wait until so many cases have ended; return how many have."""
    conditions = (Condition("process_definition_id", "eq", "asked"), Condition("state", "eq", "COMPLETED"))
    while True:
        with runtime.read() as transaction:
            ended = search_cases(runtime, transaction, staff.clerk, Criteria(conditions, limit=0)).total
        if ended >= most:
            return ended
        time.sleep(0.05)


def _begin(runtime: Runtime, staff: Staff, process: str, cases: int) -> None:
    for number in range(cases):
        with runtime.write() as transaction:
            values = {"order_name": f"订单 {number}"}
            start_case(runtime, transaction, staff.clerk, process=process, region=REGION, values=values, channel="window")
