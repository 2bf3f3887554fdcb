"""The interface for programs below ``/v2``: one route for each operation of the table."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response

from web.api.openapi import document
from web.api.serving import serve
from web.api.table import OPERATIONS
from web.problems import PREFIX

programs = Blueprint("v2", __name__)

for _operation in OPERATIONS:
    programs.add_url_rule(
        _operation.rule(PREFIX), _operation.name, partial(serve, _operation), methods=[_operation.method]
    )


@programs.get(f"{PREFIX}/openapi.json")
def openapi() -> Response:
    """Return what the interface offers as an OpenAPI document; it tells nothing of this installation."""
    return Response(document(), content_type="application/json")
