"""Addresses for machines: is the server alive, is it ready for work."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from engine.store import publications
from web.context import tx

api = Blueprint("api", __name__)


@api.get("/health")
def health() -> Response:
    """Return that the process answers; touches no database."""
    return jsonify(status="ok")


@api.get("/ready")
def ready() -> tuple[Response, int]:
    """Return 200 when the database answers and something has been published, else 503."""
    published = publications.newest(tx()) != 0
    return jsonify(status="ok" if published else "empty"), 200 if published else 503
