"""A source of the economic check: asked about named members, answered with items, not yet, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.errors import BpmnError
from engine.runtime import Connector, RemoteRequest
from workflows.connectors.http import Department, DepartmentError

ANSWERED, PENDING = "answered", "pending"
_REFUSED = "SOURCE_REFUSED"
_MOST_ITEMS = 500
_LONGEST_TEXT = 200


def check_source(departments: Department) -> Connector:
    """Return the connector that asks ``source`` about ``members`` under the number of the check request.

    It returns ``status``, ``answered`` with its ``items`` or ``pending``. Raises the BPMN error SOURCE_REFUSED where
    the source has no interface for this, and DepartmentError for an answer that cannot be relied on.
    """

    def connect(request: RemoteRequest) -> Mapping[str, Any]:
        members = [dict(member) for member in request.variables.get("members") or ()]
        asked = {
            "request_no": str(request.variables["request_no"]),
            "purpose": str(request.variables.get("purpose") or ""),
            "members": members,
        }
        path = f"/sources/{request.variables['source']}/queries"
        answer = departments.post(path, query_key(request.variables), asked)
        if not answer.accepted:
            raise BpmnError(_REFUSED, {"refusal": str(answer.body.get("reason") or "")[:_LONGEST_TEXT]})
        if answer.body.get("status") == PENDING:
            return {"status": PENDING, "items": []}
        return {"status": ANSWERED, "items": _items(answer.body, {str(member["member"]) for member in members}, path)}

    return connect


def check_remind(departments: Department) -> Connector:
    """Return the connector that reminds a source of a query it has not answered."""

    def connect(request: RemoteRequest) -> Mapping[str, Any]:
        path = f"/sources/{request.variables['source']}/reminders"
        body = {"request_no": str(request.variables["request_no"])}
        return {"reminded": departments.post(path, request.key, body).accepted}

    return connect


def query_key(variables: Mapping[str, Any]) -> str:
    """Return what names the query: the same for every time it is asked again, so that it counts once."""
    members = ",".join(sorted(str(member["id_no"]) for member in variables.get("members") or ()))
    digest = hashlib.sha256(f"{variables['request_no']}|{variables['source']}|{members}".encode())
    return f"query-{digest.hexdigest()[:32]}"


def _items(body: Mapping[str, Any], members: set[str], path: str) -> Sequence[Mapping[str, Any]]:
    """Return the items as variables. Raises DepartmentError for anything else, and for persons nobody asked about."""
    found = body.get("items")
    if body.get("status") != ANSWERED or not isinstance(found, list) or len(found) > _MOST_ITEMS:
        raise DepartmentError(f"{path}: expected an answer with at most {_MOST_ITEMS} items")
    items = [_item(item, path) for item in found]
    if not {item["member"] for item in items} <= members:
        raise DepartmentError(f"{path}: answered about persons who were not asked about")
    return items


def _item(item: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(item, dict) or not all(isinstance(item.get(name), str) for name in ("member", "code")):
        raise DepartmentError(f"{path}: expected items with a member and a code")
    return {
        "member": item["member"],
        "code": item["code"][:_LONGEST_TEXT],
        "number": _number(item.get("number"), path),
        "text": str(item.get("text") or "")[:_LONGEST_TEXT],
        "unit": str(item.get("unit") or "")[:_LONGEST_TEXT],
        "as_of": _day(item.get("as_of"), path),
    }


def _number(value: Any, path: str) -> Decimal | None:
    try:
        number = None if value is None else Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if number is not None and not (number.is_finite() and abs(number) < Decimal(10) ** 12):
        raise DepartmentError(f"{path}: expected a number, or none")
    return number


def _day(value: Any, path: str) -> str:
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except (TypeError, ValueError):
        raise DepartmentError(f"{path}: expected a date in as_of, or none") from None
