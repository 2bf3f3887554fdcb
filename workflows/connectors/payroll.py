"""The agent bank's side of a month's run: a file sent in parts, its results, its recall, its statement.

Every request carries a key made of the batch and the step alone, so that a job that is tried again, by whichever
process, asks for the same thing and the bank does it once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.errors import BpmnError
from engine.runtime import Connector, RemoteRequest
from workflows.connectors.http import Department, DepartmentError

PartOf = Callable[[int, int], str | None]


def payroll_send(bank: Department, part_of: PartOf) -> Connector:
    """Return the connector that sends the file ``batch`` part by part and then closes it with count, total and digest.

    ``part_of`` gives the file's n-th part as it was written, None beyond the last. It answers with the bank's reference
    and raises the BPMN error BATCH_REJECTED.
    """

    def connect(request: RemoteRequest) -> Mapping[str, Any]:
        batch, number = str(request.variables["batch"]), 0
        while (text := part_of(int(batch), number + 1)) is not None:
            number += 1
            bank.post("/bank/batches/parts", f"{batch}/part/{number}", {"batch": batch, "part": number, "text": text})
        order = {
            "batch": batch,
            "parts": number,
            "lines": int(request.variables["batch_lines"]),
            "fen": int(Decimal(str(request.variables["batch_total"])) * 100),
            "digest": str(request.variables["batch_digest"]),
        }
        answer = bank.post("/bank/batches/close", f"{batch}/close", order)
        if not answer.accepted:
            raise BpmnError(str(answer.body["code"]), {"bank_reason": str(answer.body.get("reason", ""))})
        return {"bank_reference": str(answer.body["reference"])}

    return connect


def payroll_results(bank: Department) -> Connector:
    """Return the connector that asks what became of the file: ``complete``, what was paid, and what came back."""

    def connect(request: RemoteRequest) -> Mapping[str, Any]:
        batch = str(request.variables["batch"])
        back: list[Mapping[str, Any]] = []
        while True:
            body = bank.post("/bank/batches/results", f"{batch}/results", {"batch": batch, "after": len(back)}).body
            if body.get("complete") is not True:
                return {"complete": False, "bank_lines": 0, "bank_paid": Decimal(0), "returned": []}
            back += [{"number": int(one["number"]), "reason": str(one["reason"])} for one in body["returned"]]
            if body["last"] is True:
                return {
                    "complete": True,
                    "bank_lines": int(body["lines"]),
                    "bank_paid": _yuan(body["fen"]),
                    "returned": back,
                }

    return connect


def payroll_recall(bank: Department) -> Connector:
    """Return the connector that asks for the file back; ``recalled`` is False once the bank has begun to pay."""

    def connect(request: RemoteRequest) -> Mapping[str, Any]:
        batch = str(request.variables["batch"])
        answer = bank.post("/bank/batches/recall", f"{batch}/recall", {"batch": batch})
        return {"recalled": answer.body.get("recalled") is True}

    return connect


def payroll_statement(bank: Department) -> Connector:
    """Return the connector that asks how much the bank paid in all for the files ``batches``, in yuan."""

    def connect(request: RemoteRequest) -> Mapping[str, Any]:
        batches = [str(one) for one in request.variables.get("batches") or ()]
        answer = bank.post("/bank/batches/statement", f"{request.key}/statement", {"batches": batches})
        if not answer.accepted:
            raise DepartmentError("/bank/batches/statement: refused")
        return {"bank_total": _yuan(answer.body["fen"])}

    return connect


def _yuan(fen: Any) -> Decimal:
    return Decimal(int(fen)).scaleb(-2)
