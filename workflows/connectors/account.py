"""The agent bank again: whether an account belongs to the person and can be paid to, without moving money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import BpmnError
from engine.runtime import Connector, RemoteRequest
from workflows.connectors.http import Department


def bank_account_test(bank: Department) -> Connector:
    """Return the connector that asks about ``bank_account`` of ``payee_name`` with ``id_no``.

    It answers ``account_ok`` with the bank's reason, and raises the BPMN error ACCOUNT_INVALID where name, number and
    account do not belong together.
    """

    def connect(request: RemoteRequest) -> Mapping[str, Any]:
        asked = {name: str(request.variables.get(name) or "") for name in ("payee_name", "id_no", "bank_account")}
        answer = bank.post("/bank/account-tests", request.key, asked)
        if not answer.accepted:
            raise BpmnError(str(answer.body["code"]), {"bank_reason": str(answer.body.get("reason", ""))})
        return {"account_ok": answer.body["usable"] is True, "bank_reason": str(answer.body.get("reason", ""))}

    return connect
