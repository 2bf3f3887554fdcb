"""Addresses for machines: is the server alive, is it ready for work."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, jsonify

from engine import log
from engine.queries.readiness import readiness
from engine.store.transaction import is_outage
from web.api.metrics import metrics
from web.context import runtime

api = Blueprint("api", __name__)
api.add_url_rule("/metrics", "metrics", metrics)


@api.get("/health")
def health() -> Response:
    """Return that the process answers; touches no database."""
    return jsonify(status="ok")


@api.get("/ready")
def ready() -> tuple[Response, int]:
    """Return 200 when this process can do its work, else 503 with what is missing."""
    found = _readiness()
    return jsonify(status=found), 200 if found == "ok" else 503


def _readiness() -> str:
    try:
        with runtime().read() as transaction:
            return readiness(runtime(), transaction)
    except Exception as error:
        if not is_outage(error):
            raise
        log.tell(logging.WARNING, "database_gone", error)
        return "database"
