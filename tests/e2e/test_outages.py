"""P12 through HTTP: a database that is gone, or a disk that is full, is told; nothing is lost, and work goes on after."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.store import tables as t
from engine.testing.databases import Databases, PostgresServer
from tests.e2e.served import PASSWORD, TOWNSHIP, Served, bureau_on, prepare_bureau
from web.bench.browser import Browser, Page

FULL = 16 * 1024
BEGINNING = {"start_region": TOWNSHIP, "fund_left": "9000", "last_allocation": "50000", "do": "start"}


@pytest.fixture
def served(databases: Databases, tmp_path: Path) -> Iterator[Served]:
    address = databases.fresh("bureau", prepare_bureau)
    made = Served(tmp_path / "server", address)
    made.start()
    yield made
    made.kill()
    databases.drop(address)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_database_that_is_gone_is_told_and_is_used_again_when_it_is_back(served, postgres_server):
    clerk = _signed_in(served)
    form = _form(clerk)
    _until(served, 200, "ok")
    with _gone(served, postgres_server):
        _until(served, 503, "database")
        assert _ask(served, "/health") == (200, "ok")
        refused = _start(clerk, form)
        assert refused.status == 500
        assert "没有保存" in refused.text
        assert "OperationalError" not in refused.text
    _until(served, 200, "ok")
    _expect_cases(served, 0)
    assert _start(clerk, form).status == 200
    _expect_cases(served, 1)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_full_disk_is_told_nothing_is_lost_and_work_goes_on_when_there_is_room(served):
    clerk = _signed_in(served)
    assert _start(clerk, _form(clerk)).status == 200
    form = _form(clerk)
    with _full(served):
        refused = _start(clerk, form)
        assert refused.status == 500
        assert "没有保存" in refused.text
        assert _ask(served, "/health") == (200, "ok")
        assert clerk.get("/desk/cases").status == 200
    _expect_cases(served, 1)
    assert _start(clerk, form).status == 200
    _expect_cases(served, 2)
    _until(served, 200, "ok")


def _signed_in(served: Served) -> Browser:
    clerk = Browser(served.address)
    clerk.sign_in("operator", PASSWORD)
    return clerk


def _form(clerk: Browser) -> dict[str, str]:
    return clerk.get("/desk/start/reserve_refill").hidden | BEGINNING


def _start(clerk: Browser, form: dict[str, str]) -> Page:
    return clerk.post("/desk/start/reserve_refill", form)


def _ask(served: Served, path: str) -> tuple[int, str]:
    browser = Browser(served.address)
    page = browser.get(path)
    browser.close()
    return page.status, json.loads(page.text)["status"]


def _until(served: Served, status: int, told: str) -> None:
    end = time.monotonic() + 60
    while _ask(served, "/ready") != (status, told):
        assert time.monotonic() < end, _ask(served, "/ready")
        time.sleep(0.2)


def _expect_cases(served: Served, count: int) -> None:
    bureau = bureau_on(served.database_url)
    with bureau.read() as transaction:
        assert transaction.execute(sa.select(sa.func.count()).select_from(t.case)).scalar_one() == count
    bureau.database.dispose()


@contextmanager
def _gone(served: Served, server: PostgresServer) -> Iterator[None]:
    """Let nobody connect to the database, and cut whoever is connected."""
    name = sa.make_url(served.database_url).database
    server._do(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    server._do(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    try:
        yield
    finally:
        server._do(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@contextmanager
def _full(served: Served) -> Iterator[None]:
    """Let no file of the server's processes grow beyond a few pages, as a full disk would."""
    limit = resource.RLIMIT_FSIZE
    before = {process: resource.prlimit(process, limit) for process in served.processes()}
    for process, (_, hard) in before.items():
        resource.prlimit(process, limit, (FULL, hard))
    try:
        yield
    finally:
        for process, given in before.items():
            resource.prlimit(process, limit, given)
