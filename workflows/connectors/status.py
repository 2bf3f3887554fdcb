"""The exchange platform of the departments: who was confirmed in which programme, so that nobody checks again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.runtime import Connector, RemoteRequest
from workflows.connectors.http import Department


def status_share(platform: Department) -> Connector:
    """Return the connector that tells ``status`` of ``id_no`` in ``benefit`` from ``since`` on; it answers ``shared``."""

    def connect(request: RemoteRequest) -> Mapping[str, Any]:
        told = {name: str(request.variables.get(name) or "") for name in ("id_no", "benefit", "status")}
        since = request.variables.get("since")
        told["since"] = since.isoformat() if isinstance(since, date) else str(since or "")
        return {"shared": platform.post("/exchange/statuses", request.key, told).accepted}

    return connect
