"""What the departments know of a parent: the police, courts, prisons, the disabled persons' federation, health."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.runtime import Connector, RemoteRequest
from workflows.connectors.http import Department, DepartmentError

POLICE = frozenset({"found", "cannot_search", "pending"})


def child_parent_facts(departments: Department) -> Connector:
    """Return the connector that asks about one parent.

    It answers the status of the table of kinds, for how many months, who said so, and how the police answered: ``found``,
    ``cannot_search`` where the conditions for a search are missing, or ``pending``.
    """

    def connect(request: RemoteRequest) -> Mapping[str, Any]:
        asked = {
            name: str(request.variables.get(name) or "") for name in ("parent_name", "parent_id_no", "parent_role")
        }
        answer = departments.post("/parents/facts", request.key, asked)
        police = answer.body.get("police")
        if not answer.accepted or police not in POLICE:
            raise DepartmentError("/parents/facts: the answer says nothing of the police's search")
        return {
            "parent_status": str(answer.body.get("status") or ""),
            "parent_months": Decimal(int(answer.body.get("months") or 0)),
            "parent_source": str(answer.body.get("source") or ""),
            "police_result": police,
        }

    return connect
