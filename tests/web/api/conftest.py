"""Programs with tokens, and the official Python client that drives the application in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from camunda_orchestration_sdk import CamundaClient
from werkzeug.test import Client, TestResponse

from engine.commands.add_person import add_person
from engine.commands.add_token import add_token
from engine.model import SYSTEM, Grant
from engine.runtime import Runtime
from engine.testing import Kit, fixtures
from engine.testing.places import HILL, LAKE, NORTH, SOUTH
from tests.web.applications import application_on
from web.dispatch import Application

# The engine's own: each test runs on SQLite and on PostgreSQL.
runtime = fixtures.runtime
BUNDLES = Path(__file__).parent / "bundles"
PEOPLE = {
    "clerk": ("clerk", HILL), "stranger": ("clerk", LAKE), "supervisor": ("supervisor", HILL),
    "operations": ("operations", ""), "publisher": ("publisher", ""), "admin": ("admin", ""),
    "auditor": ("auditor", ""),
}  # fmt: skip
WORKERS = {
    "courier": ("courier", NORTH), "carrier": ("courier", NORTH), "post": ("post", NORTH),
    "far_post": ("post", SOUTH),
}  # fmt: skip


def engage(runtime: Runtime) -> dict[str, str]:
    """Engage the people and the worker of the tests; return their tokens."""
    secrets = {}
    with runtime.write() as transaction:
        for login, (role, region) in PEOPLE.items():
            given: dict[str, Any] = {"login": login, "name": f"name of {login}", "grants": (Grant(role, region),)}
            add_person(runtime, transaction, SYSTEM, password="not used to sign in", password_hash="none", **given)
            added = add_token(runtime, transaction, SYSTEM, name=f"{login}-program", days=30, login=login)
            secrets[login] = added.secret
        for name, (role, region) in WORKERS.items():
            grants = (Grant(role, region),)
            secrets[name] = add_token(runtime, transaction, SYSTEM, name=name, days=30, grants=grants).secret
    return secrets


class Program:
    """Sends requests with a token, as a program without any library would."""

    def __init__(self, client: Client, secret: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}

    def send(self, method: str, path: str, json: Any = None, **headers: str) -> TestResponse:
        more: dict[str, Any] = {} if json is None else {"json": json}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(f"/v2{path}", method=method, headers={**self.headers, **named}, **more)

    def get(self, path: str) -> TestResponse:
        return self.send("GET", path)

    def post(self, path: str, json: Any = None, **headers: str) -> TestResponse:
        return self.send("POST", path, {} if json is None else json, **headers)


@pytest.fixture(scope="session")
def kit() -> Kit:
    return Kit("programs", BUNDLES)


@pytest.fixture
def app(runtime: Runtime) -> Application:
    return application_on(runtime)


@pytest.fixture
def secrets(runtime: Runtime) -> dict[str, str]:
    return engage(runtime)


@pytest.fixture
def program(app: Application, secrets: dict[str, str]) -> Callable[[str], Program]:
    """Return requests with the token of a person or worker."""
    return lambda who: Program(app.test_client(), secrets[who])


@pytest.fixture
def official(app: Application, secrets: dict[str, str]) -> Callable[[str], CamundaClient]:
    """Return the official client with the token of a person or worker; it talks to the application without a socket."""

    def made(who: str) -> CamundaClient:
        configuration: Any = {
            "CAMUNDA_REST_ADDRESS": "http://doudi/v2",
            "CAMUNDA_AUTH_STRATEGY": "BASIC",
            "CAMUNDA_BASIC_AUTH_USERNAME": who,
            "CAMUNDA_BASIC_AUTH_PASSWORD": secrets[who],
        }
        transport = httpx.WSGITransport(app=app, raise_app_exceptions=True)
        return CamundaClient(configuration=configuration, httpx_args={"transport": transport})

    return made
