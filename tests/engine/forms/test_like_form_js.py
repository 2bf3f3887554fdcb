"""The server stores and refuses what form-js 1.23 stored and refused for the same schema and data.

``recorded_by_form_js.json`` holds what the viewer answered in a browser; the four places where the server is stricter
or tidier on purpose are named below.
"""

from __future__ import annotations

import json
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from tests.engine.forms.conftest import form_of, submit

RECORDED = json.loads((Path(__file__).parent / "recorded_by_form_js.json").read_text())
DIFFERENT = {
    "an answer that is not offered is refused, not emptied": {"a": "y"},
    "spaces alone are no answer": {"a": " ", "r": "x", "t": ["x"]},
    "a list without lines is stored as an empty list": {"l": []},
}


def as_json(value):
    match value:
        case Decimal():
            return float(value)
        case dict():
            return {key: as_json(inside) for key, inside in value.items()}
        case list():
            return [as_json(inside) for inside in value]
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case int() if not isinstance(value, bool):
            return float(value)
    return value


def without_readonly(errors, components):
    """Nobody can answer a readonly field, so the server does not ask for it."""
    return [id_ for id_ in errors if not any(part["id"] == id_ and part.get("readonly") for part in components)]


@pytest.mark.parametrize("prefilled", [True, False])
@pytest.mark.parametrize("record", RECORDED, ids=lambda record: json.dumps(record["data"], ensure_ascii=False)[:40])
def test_same_schema_and_data_same_result(record, prefilled):
    components, data = record["components"], record["data"]
    different = data in DIFFERENT.values()
    form = form_of(*components)
    ours = submit(form, {}, data) if prefilled else submit(form, data, data)
    same_errors = len(ours.errors) == len(without_readonly(record["errors"], components))
    same_values = bool(ours.errors) or as_json(ours.values) == as_json(record["stored"])
    assert (same_errors and same_values) is not different
