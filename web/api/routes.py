"""Addresses for machines: is the server alive, is it ready for work."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from engine.queries.readiness import readiness
from web.api.metrics import metrics
from web.context import runtime, tx

api = Blueprint("api", __name__)
api.add_url_rule("/metrics", "metrics", metrics)


@api.get("/health")
def health() -> Response:
    """Return that the process answers; touches no database."""
    return jsonify(status="ok")


@api.get("/ready")
def ready() -> tuple[Response, int]:
    """Return 200 when this process can do its work, else 503 with what is missing."""
    found = readiness(runtime(), tx())
    return jsonify(status=found), 200 if found == "ok" else 503
