"""The text message gateway: to the applicant, a phone number, or whoever is on duty for a role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.runtime import Connector, RemoteRequest
from workflows.connectors.http import Department, DepartmentError
from workflows.registers.duty import PhoneOf

_APPLICANT = "applicant"


def sms(gateway: Department, phone_of: PhoneOf) -> Connector:
    """Return the connector that sends the header ``text`` to the header ``to``.

    ``phone_of`` says which phone is on duty for a role in a region. An applicant without a phone gets no message;
    a role without a phone on duty is a failed try, because somebody has to be woken.
    """

    def connect(request: RemoteRequest) -> Mapping[str, Any]:
        to = _said(request, "to")
        phone = _phone(request, to, phone_of)
        if not phone:
            return {"sent": False}
        answer = gateway.post("/sms/messages", request.key, {"to": phone, "text": _said(request, "text")})
        return {"sent": answer.accepted}

    return connect


def _said(request: RemoteRequest, name: str) -> str:
    return request.headers.get(name) or str(request.variables.get(name) or "")


def _phone(request: RemoteRequest, to: str, phone_of: PhoneOf) -> str:
    if to == _APPLICANT:
        return str(request.variables.get("phone") or "")
    if to.isdigit():
        return to
    on_duty = phone_of(to, str(request.case["region"]))
    if on_duty is None:
        raise DepartmentError(f"nobody is on duty for {to} in {request.case['region']}")
    return on_duty
