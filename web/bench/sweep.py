"""A quarter's sweep of a whole city: its ledger, the visits' cases opened behind the pages, a kill on the way."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.bundle import read_library
from engine.commands.add_person import add_person
from engine.commands.complete_task import complete_task
from engine.commands.start_case import start_case
from engine.model import SYSTEM, Actor, Grant
from engine.queries.waiting import open_tasks
from engine.runtime import Runtime
from engine.store import people
from engine.store.keys import new_key
from engine.store.values import pack
from web.bench.browser import Browser
from web.bench.figures import figure
from web.bench.served import fresh_environment, served_process
from web.bench.server import MEMORY
from web.bench.workshop import PASSWORD
from web.cli.environment import settings
from workflows.bootstrap import build_runtime
from workflows.library import put_in_force
from workflows.registers import regions, sweep_coverage, sweeps
from workflows.registers.tables import household, household_member, resident, resident_version

_LIBRARY = Path(__file__).parents[2] / "bpmn"
_AT_ONCE = 2_000
_LONGEST_SECONDS = 2 * 3600.0
_LOOK_SECONDS = 0.5
# The first page of a fresh server compiles every process.
_COLD_SECONDS = 300.0
_PAGES = ("/desk/", "/desk/sweep", "/watch/sweep", "/watch/")
_KILL_AT = 0.3
_NOTICED_MS = 200


@dataclass
class Watched:
    """What pages took while the sweep was opened, in milliseconds, and the server's highest memory in MB."""

    pages: dict[str, list[float]] = field(default_factory=lambda: {page: [] for page in _PAGES})
    peak_mb: int = 0

    def look(self, browser: Browser) -> None:
        """Ask for each page once."""
        for page in _PAGES:
            began = time.perf_counter()
            answer = browser.get(page)
            self.pages[page].append((time.perf_counter() - began) * 1000)
            self.peak_mb = max(self.peak_mb, int(answer.headers.get(MEMORY, "0")) // 1024)
            if answer.status != 200:
                raise RuntimeError(f"Expected the page {page}, but the server said {answer.status}.")


def measure(households: int, address: str | None = None) -> dict[str, Any]:
    """Return how long ledger and visits of so many households took, across a kill, and what pages took meanwhile."""
    with TemporaryDirectory() as folder:
        environment = fresh_environment(Path(folder), address)
        runtime = build_runtime(settings(worker=False, source=environment))
        try:
            supervisor = _city(runtime, households)
            watched = Watched()
            with served_process(environment) as (site, server):
                _warm(site)
                began = time.perf_counter()
                order(runtime, supervisor)
                ledger_s = _until(runtime, watched, site, began, lambda listed, _opened: listed >= households)
                _until(runtime, watched, site, began, lambda _listed, opened: opened >= households * _KILL_AT)
                os.killpg(server.pid, signal.SIGKILL)
            at_kill = counts(runtime)[1]
            with served_process(environment) as (site, _server):
                _warm(site)
                opened_s = _until(runtime, watched, site, began, lambda _listed, opened: opened >= households)
            return {
                "households": households,
                "database": runtime.database.engine.dialect.name,
                "ledger_s": round(ledger_s, 1),
                "opened_when_killed": at_kill,
                "visits_open_s": round(opened_s, 1),
                "opened_per_second": round(households / opened_s, 1),
                "each_household_once": counts(runtime) == (households, households),
                "pages_ms": {page: _pages(samples) for page, samples in watched.pages.items()},
                "server_peak_memory_mb": watched.peak_mb,
            }
        finally:
            runtime.database.dispose()


def _city(runtime: Runtime, households: int) -> Actor:
    """Fill an empty database with people at work and households in every township; return the city's supervisor."""
    runtime.database.migrate(runtime.migrations)
    township = regions.townships()[0].code
    with runtime.write() as transaction:
        put_in_force(runtime, transaction, _LIBRARY, read_library(_LIBRARY))
        for login, grants in (
            ("supervisor", (Grant("city_supervisor", regions.CITY),)),
            ("officer", (Grant("township_operator", township), Grant("township_approver", township))),
        ):
            add_person(runtime, transaction, SYSTEM, login=login, name=login, password=PASSWORD, grants=grants)
        found = people.find_by_login(transaction, "supervisor")
    if found is None:
        raise RuntimeError("the person just added is missing")
    settle(runtime, households)
    return people.actor(found)


def settle(runtime: Runtime, households: int) -> None:
    """Let so many households live in the townships in turn."""
    places = [unit.code for unit in regions.townships()]
    for first in range(0, households, _AT_ONCE):
        _settle(runtime, places, range(first, min(first + _AT_ONCE, households)))
    runtime.database.analyse()


def _settle(runtime: Runtime, places: list[str], numbers: range) -> None:
    homes, persons, versions, lives = [], [], [], []
    now = runtime.clock.now()
    since = {"valid_from": date(2026, 1, 1), "valid_to": None, "recorded_from": now, "recorded_to": None, "case": 0}
    for number in numbers:
        region = f"{places[number % len(places)]}{number // len(places) % 30 + 1:03d}"
        home = new_key()
        homes.append({"key": home, "region": region, "opened_by": 0, "entered_at": now})
        for relation in ("本人", "配偶"):
            who = new_key()
            told = {"name": f"王{number}", "id_no": "", "phone": ""}
            persons.append({"key": who, "region": region, "id_no": None, "died_on": None, "entered_at": now})
            versions.append({
                **since, "key": new_key(), "resident": who, "name": runtime.keyring.blind("name", told["name"]),
                "phone": None, "facts": runtime.keyring.seal(pack(told), f"resident/{who}".encode()),
            })  # fmt: skip
            lives.append({**since, "key": new_key(), "household": home, "resident": who, "relation": relation,
                          "counted": True})  # fmt: skip
    with runtime.write() as transaction:
        for table, rows in (
            (household, homes), (resident, persons), (resident_version, versions), (household_member, lives),
        ):  # fmt: skip
            transaction.insert(table, rows)


def order(runtime: Runtime, supervisor: Actor) -> None:
    """Begin the round by hand and sign the notice; the rest is the worker's."""
    with runtime.write() as transaction:
        start_case(
            runtime, transaction, supervisor, process="sweep", region=regions.CITY, values={"start_reason": "测量"}
        )
    with runtime.write() as transaction:
        (task,) = open_tasks(transaction)
        values = {"notice_text": "逐户见面"}
        complete_task(runtime, transaction, supervisor, task=task.key, revision=task.revision, values=values)


def _pages(samples: Sequence[float]) -> dict[str, float]:
    """Return what a page took, and of how many in a hundred nobody noticed."""
    unnoticed = sum(one < _NOTICED_MS for one in samples)
    return {**figure(samples), "percent_under_200_ms": round(100 * unnoticed / len(samples), 2)}


def _until(runtime: Runtime, watched: Watched, site: str, began: float, reached: Any) -> float:
    """Return the seconds since the beginning when it was reached; pages are asked for meanwhile."""
    with _officer(site) as browser:
        while not reached(*counts(runtime)):
            if time.perf_counter() - began > _LONGEST_SECONDS:
                raise RuntimeError(f"Expected the sweep open within two hours, but so far it has {counts(runtime)}.")
            with suppress(HTTPException, OSError):
                watched.look(browser)
            time.sleep(_LOOK_SECONDS)
    return time.perf_counter() - began


def _warm(site: str) -> None:
    """Draw every page once: what a server compiles at its first page is not what a page takes."""
    with _officer(site) as browser:
        for page in _PAGES:
            browser.get(page)


@contextmanager
def _officer(site: str) -> Iterator[Browser]:
    browser = Browser(site, _COLD_SECONDS)
    try:
        hidden = browser.get("/sign-in").hidden
        browser.post("/sign-in", hidden | {"login": "officer", "password": PASSWORD})
        yield browser
    finally:
        browser.close()


def counts(runtime: Runtime) -> tuple[int, int]:
    """Return how many households are in the ledger, and how many cases of visits there are for them."""
    with runtime.read() as transaction:
        rounds = sweeps.newest(transaction)
        return sweep_coverage.opened(transaction, rounds[0].round) if rounds else (0, 0)
