"""A served demo city without cases, and people at their browsers."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.browser.chromium import FLAGS, provide

PASSWORD = "xinxiang-2026"
STARTS_WITHIN = 300.0


@dataclass(frozen=True)
class City:
    """A served demo: where it is, and where its files are."""

    address: str
    data: Path

    def balance(self, region: str) -> Decimal:
        """Return what is in a reserve fund, in CNY."""
        with closing(sqlite3.connect(self.data / "doudi.db")) as database:
            query = "SELECT balance FROM ledger_account WHERE region = ? AND kind = 'reserve_fund'"
            return Decimal(database.execute(query, (region,)).fetchone()[0]) / 100


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Yield a served demo in which nothing has happened yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = tmp_path_factory.mktemp("city")
    command = [sys.executable, "-c", "from web.cli import main; main()", "demo", "--cases", "0", "--port", str(port)]
    environment = {**os.environ, "DOUDI_DATA": str(data), "PYTHONPATH": str(Path(__file__).parents[2])}
    with (data / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{address}/health", data / "server.log")
            yield City(address, data)
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait_for(url: str, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=2)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(log.read_text("utf-8", "replace"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=provide(), args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def phone(browser: Browser, city: City) -> Iterator[Page]:
    """Yield a citizen's phone, 375 px wide and without JavaScript."""
    context = browser.new_context(
        viewport={"width": 375, "height": 760}, locale="zh-CN", base_url=city.address, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def sign_in(browser: Browser, city: City) -> Iterator[Callable[[str], Page]]:
    """Yield what opens a signed-in desktop for a login."""
    opened = []

    def open_desk(login: str) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="zh-CN", base_url=city.address)
        opened.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield open_desk
    for context in opened:
        context.close()
