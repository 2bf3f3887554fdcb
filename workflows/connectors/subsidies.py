"""The disabled persons' federation and the national system through which provinces hand applications to each other."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.runtime import Connector, RemoteRequest
from workflows.connectors.http import Department, DepartmentError


def sub2_card(departments: Department) -> Connector:
    """Return the connector that asks the federation for the card's validity, kind and grade, and the need of care."""

    def connect(request: RemoteRequest) -> Mapping[str, Any]:
        asked = {name: str(request.variables.get(name) or "") for name in ("id_no", "card_no")}
        answer = departments.post("/federation/cards", request.key, asked)
        if not answer.accepted:
            return {"card_valid": False, "grade": Decimal(0), "kind": "", "care_need": False}
        body = answer.body
        return {
            "card_valid": body.get("valid") is True,
            "grade": Decimal(int(body.get("grade") or 0)),
            "kind": str(body.get("kind") or ""),
            "care_need": body.get("care_need") is True,
        }

    return connect


def sub2_push(departments: Department) -> Connector:
    """Return the connector that hands an application to the home place and answers the number it has there."""
    names = ("applicant_name", "id_no", "card_no", "apply_type", "home_code", "applied_on", "case_number")
    return _national(departments, "/national/subsidies/pushes", names, "push_no")


def sub2_result(departments: Department) -> Connector:
    """Return the connector that sends the decision back to the place that accepted the application."""
    return _national(departments, "/national/subsidies/results", ("push_no", "result", "decision_reason"), "sent")


def _national(departments: Department, path: str, names: tuple[str, ...], answered: str) -> Connector:
    def connect(request: RemoteRequest) -> Mapping[str, Any]:
        told = {name: str(request.variables.get(name) or "") for name in names}
        answer = departments.post(path, request.key, told)
        if not answer.accepted or not answer.body.get(answered):
            raise DepartmentError(f"{path}: the national system did not take it")
        return {answered: answer.body[answered]}

    return connect
