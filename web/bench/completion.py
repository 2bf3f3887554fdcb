"""What completing a user task costs: ten tasks a case, one-kilobyte forms, real HTTP, one gunicorn worker."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from re import search
from tempfile import TemporaryDirectory
from typing import Any

from engine.queries.worklist import worklist
from engine.runtime import Runtime
from web.bench.browser import Browser, Page
from web.bench.costs import Costs
from web.bench.served import fresh_environment, served
from web.bench.server import COMMITS, CPU, MEMORY, STATEMENTS
from web.bench.workshop import LOGINS, PASSWORD, REGION, TASKS, Staff, answers, open_workshop, raw_bytes
from web.cli.environment import settings
from workflows.bootstrap import build_runtime

_MILLI = 1e6
_KB_TO_MB = 1024.0


@dataclass
class Meter:
    """Reads from each answer what it cost; the first case is played to warm up and not counted."""

    page: Costs = field(default_factory=Costs)
    completion: Costs = field(default_factory=Costs)
    peak_kb: int = 0
    raw: list[int] = field(default_factory=list)
    counting: bool = False

    def note(self, answer: Page, seconds: float, costs: Costs | None) -> None:
        """Take the samples of one answer."""
        self.peak_kb = max(self.peak_kb, int(answer.headers[MEMORY]))
        if costs is None or not self.counting:
            return
        costs.cpu.append(int(answer.headers[CPU]) / _MILLI)
        costs.wall.append(seconds * 1000)
        costs.statements.append(int(answer.headers[STATEMENTS]))
        costs.commits.append(int(answer.headers[COMMITS]))


def measure(cases: int) -> dict[str, Any]:
    """Return the figures of completing every task of this many cases, on a SQLite file."""
    with TemporaryDirectory() as folder:
        environment = fresh_environment(Path(folder))
        runtime = build_runtime(settings(demo=False, worker=False, source=environment))
        staff = open_workshop(runtime)
        meter = Meter()
        with served(environment) as address:
            stored = _play(runtime, staff, address, meter, cases) / cases
        runtime.database.dispose()
    raw = sum(meter.raw) / len(meter.raw)
    return {
        "cases": cases,
        "completion": meter.completion.shown(),
        "page": meter.page.shown(),
        "raw_bytes_per_case": round(raw),
        "stored_bytes_per_case": round(stored),
        "stored_to_raw": round(stored / raw, 2),
        "peak_memory_mb": round(meter.peak_kb / _KB_TO_MB, 1),
    }


def _play(runtime: Runtime, staff: Staff, address: str, meter: Meter, cases: int) -> int:
    """Return by how many bytes the cases after the first made the database grow."""
    random = Random(2026)  # noqa: S311 - the same workload every time
    browsers = {login: Browser(address) for login in LOGINS}
    for login, browser in browsers.items():
        browser.sign_in(login, PASSWORD)
    _play_case(runtime, staff, browsers, meter, random)
    meter.counting, before = True, _stored(runtime)
    for _ in range(cases):
        _play_case(runtime, staff, browsers, meter, random)
    for browser in browsers.values():
        browser.close()
    return _stored(runtime) - before


def _play_case(runtime: Runtime, staff: Staff, browsers: dict[str, Browser], meter: Meter, random: Random) -> None:
    number = _start(browsers["clerk"], meter, random)
    raw = 0
    for step in range(1, TASKS + 1):
        login = LOGINS[(step - 1) % 2]
        with runtime.read() as transaction:
            rows = worklist(runtime, transaction, staff.of_role(login), q=number).rows
        raw += _complete(browsers[login], rows[0].task, answers(random, f"_{step:02d}"), meter)
    meter.raw.append(raw)


def _start(browser: Browser, meter: Meter, random: Random) -> str:
    page = browser.get("/desk/start/assembly")
    name = f"订单 {random.randint(1, 9999)}"
    fields = page.hidden | {"start_region": REGION, "order_name": name, "do": "start"}
    started = browser.post("/desk/start/assembly", fields)
    meter.note(started, 0, None)
    found = search(rf"{REGION}-\d\d-\d{{5}}", started.text)
    if started.status != 200 or found is None:
        raise RuntimeError(f"Expected a started case, but the server answered {started.status}.")
    return found.group()


def _complete(browser: Browser, task: int, entered: dict[str, Any], meter: Meter) -> int:
    began = time.perf_counter()
    page = browser.get(f"/desk/tasks/{task}")
    looked = time.perf_counter()
    meter.note(page, looked - began, meter.page)
    fields = page.hidden | entered | {"do": "complete"}
    looked = time.perf_counter()
    done = browser.post(f"/desk/tasks/{task}", fields)
    meter.note(done, time.perf_counter() - looked, meter.completion)
    if done.status != 303:
        raise RuntimeError(f"Expected the task to be completed, but the server answered {done.status}.")
    return raw_bytes(entered)


def _stored(runtime: Runtime) -> int:
    """Return the bytes of the database with its indexes."""
    with closing(sqlite3.connect(runtime.settings.data / "doudi.db")) as connection:
        pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages * size)
