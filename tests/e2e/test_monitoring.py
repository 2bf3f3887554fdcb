"""What a monitoring system sees of the real server: figures of all its processes together."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.testing.databases import PostgresServer
from tests.e2e.served import Served, prepare_bureau
from tests.forked import doudi_anew
from web.bench.browser import Browser

ASKED = 12


@pytest.fixture
def served(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Served]:
    address = postgres_server.fresh("bureau", prepare_bureau)
    made = Served(
        tmp_path / "web", address, options=("--no-worker", "--processes", "2"),
        extra={"DOUDI_METRICS_FROM": "127.0.0.1"},
        # Whether figures are shared is decided when their library is imported.
        command=doudi_anew,
    )  # fmt: skip
    made.start()
    yield made
    made.stop()
    postgres_server.drop(address)


def test_processes_that_share_an_address_tell_what_they_answered_together_also_after_one_died(served):
    for _ in range(ASKED):
        # A connection of its own each time, so that both processes answer.
        _get(served, "/progress")
    assert _answered(served) == ASKED
    served.kill_worker()
    served.wait_ready()
    _get(served, "/progress")
    assert _answered(served) == ASKED + 1


def _get(served: Served, path: str) -> str:
    until = time.monotonic() + 30
    while True:
        browser = Browser(served.address)
        try:
            return browser.get(path).text
        except OSError:
            assert time.monotonic() < until
        finally:
            browser.close()


def _answered(served: Served) -> float:
    line = 'doudi_http_request_seconds_count{method="GET",route="/progress",status="2xx"} '
    told = _get(served, "/metrics")
    return sum(float(found.removeprefix(line)) for found in told.splitlines() if found.startswith(line))
