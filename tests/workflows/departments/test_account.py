"""The bank tells whose account it is, however it behaves; a status told to the departments is kept once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engine.errors import BpmnError
from engine.runtime import RemoteRequest
from workflows.connectors.account import bank_account_test
from workflows.connectors.http import Department, DepartmentError
from workflows.connectors.status import status_share
from workflows.departments import Server, serve

PERSON = {"payee_name": "王建国", "id_no": "410721196503124413"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serve(tmp_path / "departments.db", slow_seconds=0.6) as running:
        yield running


def request(key: str, **values) -> RemoteRequest:
    return RemoteRequest(key, "any", {"region": "410721101", "number": "DB1"}, values, {})


def asked(server: Server, account: str):
    return bank_account_test(Department(server.url, seconds=0.3))(request("1", **PERSON, bank_account=account))


def test_an_account_of_the_person_is_good(server):
    assert asked(server, "6228480000000001234") == {"account_ok": True, "bank_reason": ""}


def test_an_account_that_cannot_be_paid_to_is_told_with_the_reason(server):
    assert asked(server, "6228480000000000001") == {"account_ok": False, "bank_reason": "收款账户状态异常"}


def test_an_account_of_somebody_else_is_a_business_error(server):
    with pytest.raises(BpmnError) as error:
        asked(server, "6228480000000000000")
    assert (error.value.code, error.value.values["bank_reason"]) == ("ACCOUNT_INVALID", "户名与账号不符")


@pytest.mark.parametrize("account", ["6228480000000000002", "6228480000000000006"])
def test_a_bank_that_does_not_answer_is_asked_again(server, account):
    with pytest.raises(DepartmentError):
        asked(server, account)


def test_a_status_told_twice_is_kept_once(server):
    share = status_share(Department(server.url))
    told = request("7", id_no=PERSON["id_no"], benefit="dibao", status="active", since=date(2026, 10, 1))
    assert [share(told), share(told)] == [{"shared": True}] * 2
    (kept,) = server.site.ledger.statuses()
    assert (kept["benefit"], kept["since"]) == ("dibao", "2026-10-01")
