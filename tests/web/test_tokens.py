"""Tokens of programs: an administrator hands them out on a page or with the command line, and makes them void."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.bundle import read_library
from engine.runtime import Runtime
from engine.runtime.starting import start_up
from tests.web.applications import application_on
from tests.web.conftest import HERE, LIBRARY
from web.cli import main
from web.cli.environment import settings
from workflows.bootstrap import build_runtime
from workflows.library import put_in_force

Enter = Callable[[str], object]
WORKER = {"name": "bank-connector", "days": "30", "role": ["outside_worker", "outside_sender"], "region": ["", HERE]}


def _who(runtime: Runtime, secret: str) -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    return application_on(runtime).test_client().get("/v2/authentication/me", headers=headers).status_code


def _secret(page: str) -> str:
    found = re.search(r"doudi_[\w-]+", page)
    assert found is not None
    return found.group()


def test_a_workers_token_is_shown_once_and_works_until_it_is_revoked(signed_in: Enter, runtime: Runtime) -> None:
    administrator = signed_in("administrator")
    assert administrator.post("/admin/tokens", WORKER).status_code == 200
    secret = _secret(administrator.page)
    assert _who(runtime, secret) == 200
    page = administrator.get("/admin/tokens").get_data(as_text=True)
    assert secret not in page
    assert all(word in page for word in ("bank-connector", "外部工作程序", "外部消息来源"))
    address = re.search(r"/admin/tokens/\d+/revoke", page)
    assert address is not None
    assert administrator.post(address.group()).status_code == 200
    assert "已作废" in administrator.page
    assert _who(runtime, secret) == 401


def test_a_persons_token_acts_with_the_roles_of_the_person(signed_in: Enter, runtime: Runtime) -> None:
    administrator = signed_in("administrator")
    administrator.post("/admin/tokens", name="desk-robot", login="operator", days="1", role="", region="")
    headers = {"Authorization": f"Bearer {_secret(administrator.page)}"}
    known = application_on(runtime).test_client().get("/v2/authentication/me", headers=headers).json
    assert (known["username"], known["roles"]) == ("operator", ["township_operator"])


@pytest.mark.parametrize(
    "wrong",
    [{"name": "1 bank"}, {"days": "0"}, {"days": "731"}, {"role": ["", ""]}, {"login": "operator"}, {"login": "nobody", "role": ["", ""]}],
)  # fmt: skip
def test_a_token_that_cannot_be_made_is_told_and_what_was_chosen_is_kept(
    signed_in: Enter, wrong: dict[str, object]
) -> None:
    administrator = signed_in("administrator")
    given = {**WORKER, **wrong}
    assert administrator.post("/admin/tokens", given).status_code == 422
    assert "doudi_" not in administrator.page
    told = re.findall(r'class="error" id="([a-z]+)-error"', administrator.page)
    assert told, administrator.page
    assert f'value="{given["name"]}"' in administrator.page
    if given["role"][0]:
        assert 'value="outside_sender" selected' in administrator.page
        assert f'value="{HERE}" selected' in administrator.page


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "master.key").write_bytes(bytes(range(32)))
    given = {"DOUDI_DATA": str(tmp_path), "DOUDI_LIBRARY": str(LIBRARY), "DOUDI_LANGUAGE": "en"}
    runtime = build_runtime(settings(worker=False, source=given))
    start_up(runtime)
    with runtime.write() as transaction:
        put_in_force(runtime, transaction, LIBRARY, read_library(LIBRARY), ())
    runtime.database.dispose()
    return given


def test_the_command_line_adds_lists_and_revokes(environment: dict[str, str]) -> None:
    def run(*words: str) -> tuple[int, str]:
        answer = CliRunner().invoke(main, ["token", *words], env=environment)
        return answer.exit_code, answer.output

    code, told = run("add", "bank", "--grant", "outside_worker@410721", "--grant", "outside_sender", "--days", "30")
    assert code == 0, told
    secret = _secret(told)
    code, listed = run("list")
    assert (code, secret in listed) == (0, False)
    assert "outside_worker@410721 outside_sender@" in listed
    key = listed.split()[0]
    assert run("revoke", key)[0] == 0
    assert "revoked" in run("list")[1]
    for words, named in (
        (("revoke", key), "revoked"),
        (("add", "bank"), "either a person"),
        (("add", "bank", "--grant", "nothing"), "nothing"),
        (("add", "bank", "--login", "nobody"), "nobody"),
    ):
        code, told = run(*words)
        assert (code, "Expected" in told, named in told) == (1, True, True), told
