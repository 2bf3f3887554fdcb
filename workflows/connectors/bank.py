"""The agent bank: one transfer per job, however often it has to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import BpmnError
from engine.runtime import Connector, RemoteRequest
from workflows.connectors.http import Department


def bank_transfer(bank: Department) -> Connector:
    """Return the connector that transfers ``amount`` yuan to ``bank_account`` of ``payee_name``.

    It answers ``paid`` with the bank's reference or its reason, and raises the BPMN error ACCOUNT_INVALID.
    """

    def connect(request: RemoteRequest) -> Mapping[str, Any]:
        wanted = ("payment", "amount", "payee_name", "bank_account")
        order = {name: str(request.variables.get(name) or "") for name in wanted}
        answer = bank.post("/bank/transfers", request.key, order)
        if not answer.accepted:
            raise BpmnError(str(answer.body["code"]), {"bank_reason": str(answer.body.get("reason", ""))})
        return {
            "paid": answer.body["paid"] is True,
            "bank_reference": str(answer.body.get("reference", "")),
            "reason": str(answer.body.get("reason", "")),
        }

    return connect
