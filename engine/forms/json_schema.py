"""The JSON Schema of what a form stores."""

from __future__ import annotations

from typing import Any

from engine.forms.fields import Field, Leaf, Part, RowList
from engine.forms.options import token

_TYPES: dict[str, Any] = {
    "textfield": {"type": "string"}, "textarea": {"type": "string"}, "checkbox": {"type": "boolean"},
    "number": {"type": ["number", "null"]}, "expression": {}, "radio": {}, "select": {},
    "checklist": {"type": "array"}, "taglist": {"type": "array"},
    "filepicker": {"type": "array", "items": {
        "type": "object", "required": ["file", "name"],
        "properties": {"file": {"type": "string"}, "name": {"type": "string"},
                       "size": {"type": "number"}, "type": {"type": "string"}}}},
}  # fmt: skip
_FORMATS = {"date": "date", "time": "time", "datetime": "date-time"}


def of_form(id_: str, part: Part) -> dict[str, Any]:
    """Return the schema of a whole form's values."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:form:{id_}", **_of_part(part)}


def _of_part(part: Part) -> dict[str, Any]:
    return _object({name: _of(known) for name, known in part.names.items()}, _required(part.names))


def _of(known: Any) -> dict[str, Any]:
    if isinstance(known, Field):
        return _of_field(known)
    if isinstance(known, RowList):
        return {**_titled(known), "type": "array", "items": _of_part(known.part),
                "minItems": known.min_rows, "maxItems": known.max_rows}  # fmt: skip
    return _object({name: _of(inside) for name, inside in known.items()}, _required(known))


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": required} if required else found


def _required(names: Any) -> list[str]:
    """Only what is required whatever else was answered: a field that may be hidden may be absent."""
    return [name for name, known in names.items()
            if isinstance(known, Field) and known.required is True and known.hide is None]  # fmt: skip


def _of_field(field: Field) -> dict[str, Any]:
    found = {**_titled(field), **_TYPES.get(field.type, {})}
    if field.type == "datetime":
        found.update(type=["string", "null"], format=_FORMATS[field.subtype])
    if field.type == "number" and field.as_text:
        found["type"] = ["string", "null"]
    if field.type in ("textfield", "textarea"):
        found["maxLength"] = field.max_length
    values = [_plain(option.value) for option in field.offer.fixed]
    if values and found.get("type") == "array":
        found["items"] = {"enum": values}
    elif values:
        found["enum"] = [*values, None]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, str | bool):
        return value
    text = token(value)
    return int(text) if text.lstrip("-").isdecimal() else float(text)


def _titled(leaf: Leaf) -> dict[str, Any]:
    ready = leaf.label.ready
    return {"title": ready.zh} if ready is not None and ready.zh else {}
