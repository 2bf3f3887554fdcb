"""The OpenAPI 3.1 document, made from the table of operations and the structs they name."""

from __future__ import annotations

import inspect
from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec

from web.api.operation import SIGNED_IN, Operation
from web.api.shapes import Answer
from web.api.table import OPERATIONS
from web.problems import MEDIA_TYPE, PREFIX

_KEY = {"type": "string", "pattern": "^[0-9]{1,25}$"}
_REF = "#/components/schemas/{name}"


class Problem(Answer):
    """What went wrong (RFC 9457): what was expected and what came."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    findings: list[dict[str, Any]] = msgspec.field(default_factory=list)
    incident_key: str = ""


@cache
def document() -> bytes:
    """Return the document as JSON."""
    structs = [one for operation in OPERATIONS for one in (operation.body, operation.answer) if isinstance(one, type)]
    schemas, components = msgspec.json.schema_components([*structs, Problem], ref_template=_REF)
    schema_of = dict(zip([*structs, Problem], schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation, schema_of)
    return msgspec.json.format(
        msgspec.json.encode(
            {
                "openapi": "3.1.0",
                "info": {
                    "title": "doudi",
                    "version": version("doudi"),
                    "summary": "Cases, tasks and jobs for programs, in the shapes of the Camunda 8 Orchestration Cluster API.",
                    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
                },
                "servers": [{"url": PREFIX}],
                "security": [{"bearer": []}, {"basic": []}],
                "paths": paths,
                "components": {
                    "schemas": components,
                    "securitySchemes": {
                        "bearer": {"type": "http", "scheme": "bearer"},
                        "basic": {"type": "http", "scheme": "basic"},
                    },
                },
            }
        )
    )


def _described(operation: Operation, schema_of: dict[Any, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": (inspect.getdoc(operation.view) or "").splitlines()[0],
        "tags": [operation.path.split("/")[1]],
        "responses": {**_success(operation, schema_of), "default": _problem(schema_of)},
    }
    parameters = [_parameter(name, "path", _KEY, required=True) for name in operation.keys]
    parameters += [_parameter(name, place, {"type": "string"}) for name, place in operation.parameters.items()]
    if operation.repeatable:
        parameters.append(_parameter("Idempotency-Key", "header", {"type": "string", "maxLength": 200}))
    if parameters:
        described["parameters"] = parameters
    if operation.needs != SIGNED_IN:
        described["x-needs"] = operation.needs
    if operation.multipart:
        described["requestBody"] = _UPLOAD
    elif operation.body is not None:
        described["requestBody"] = {"content": {"application/json": {"schema": schema_of[operation.body]}}}
    return described


def _parameter(name: str, place: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _success(operation: Operation, schema_of: dict[Any, Any]) -> dict[str, Any]:
    if operation.answer is None:
        return {"204": {"description": "Done."}}
    if isinstance(operation.answer, str):
        return {"200": {"description": "The file.", "content": {operation.answer: {"schema": {"type": "string"}}}}}
    return {
        "200": {
            "description": (inspect.getdoc(operation.answer) or "").splitlines()[0],
            "content": {"application/json": {"schema": schema_of[operation.answer]}},
        }
    }


def _problem(schema_of: dict[Any, Any]) -> dict[str, Any]:
    return {"description": "Why not.", "content": {MEDIA_TYPE: {"schema": schema_of[Problem]}}}


_UPLOAD = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "resources": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    "tenantId": {"const": "<default>"},
                },
                "required": ["resources"],
            }
        }
    },
}
