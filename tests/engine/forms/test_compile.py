"""What a form file may hold; everything else is refused, naming the component."""

from __future__ import annotations

import json

import pytest

from engine.forms import FormError, compile_form
from tests.engine.forms.conftest import form_of, schema_of


def refusals(*components):
    with pytest.raises(FormError) as refused:
        form_of(*components, file="x.form")
    return {(finding.element, finding.rule) for finding in refused.value.findings}


def test_the_record_tells_what_it_asks_writes_and_reads(relief):
    assert relief.id == "relief_record"
    assert relief.reads == {"policy", "case"}
    assert relief.names >= {"applicant_name", "address", "members", "income_total"}
    assert "street" not in relief.names
    assert ("Field_per_head", "requested / persons") in {
        (id_, feel.text.strip("= ")) for id_, feel in relief.expressions
    }
    name = relief.fields[0]
    assert (name.key, name.type, name.label.ready.zh, name.required) == (
        "applicant_name",
        "textfield",
        "申请人姓名",
        True,
    )


@pytest.mark.parametrize("type_", ["iframe", "button", "jsfunction", "hologram", None, 7])
def test_unknown_components_are_refused(type_):
    assert refusals({"type": type_, "id": "X", "key": "x"}) == {("X", "form-type")}


@pytest.mark.parametrize(
    "key", ["灾情", "CamelCase", "with space", "a.b", "_x", "x__y", "9x", "", "x" * 61, "in", "policy", "case", "not"]
)
def test_keys_are_free_snake_case_names(key):
    assert refusals({"type": "number", "id": "X", "key": key}) == {("X", "form-key")}


def test_a_key_occurs_once_in_its_place_but_may_occur_in_rows_too():
    twice = [{"type": "number", "id": "A", "key": "n"}, {"type": "textfield", "id": "B", "key": "n"}]
    assert refusals(*twice) == {("B", "form-key")}
    rows = {
        "type": "dynamiclist",
        "id": "L",
        "path": "lines",
        "components": [{"type": "number", "id": "C", "key": "n"}],
    }
    assert form_of(twice[0], rows).names == {"n", "lines"}
    assert refusals(twice[0], {"type": "group", "id": "G", "path": "n", "components": [twice[1]]}) == {
        ("B", "form-key")
    }
    assert refusals(twice[0], {**twice[0], "key": "m"}) == {("A", "form-id")}


@pytest.mark.parametrize(
    ("part", "rule"),
    [
        ({"conditional": {"hide": "=a >"}}, "form-expression"),
        ({"validate": {"required": "=if"}}, "form-expression"),
        ({"validate": {"required": "sometimes"}}, "form-expression"),
        ({"validate": {"minLength": "many"}}, "form-number"),
        ({"validate": {"pattern": "(?=a)b"}}, "form-pattern"),
        ({"validate": {"pattern": "("}}, "form-pattern"),
        ({"properties": {"validate": "cn_idd"}}, "form-validate"),
        ({"properties": {"validate": "money"}}, "form-validate"),
        ({"properties": {"check": "=true"}}, "form-validate"),
        ({"properties": {"autocomplete": "cc-number"}}, "form-autocomplete"),
        ({"label": "{{#loop x}}"}, "form-text"),
        ({"label": "{{ a"}, "form-text"),
        ({"label": "{{ a > }}"}, "form-expression"),
    ],
)
def test_what_cannot_run_is_refused_when_deployed(part, rule):
    assert refusals({"type": "textfield", "id": "X", "key": "x", **part}) == {("X", rule)}


@pytest.mark.parametrize(
    ("component", "rule"),
    [
        ({"type": "radio", "key": "x"}, "form-options"),
        (
            {"type": "radio", "key": "x", "values": [{"label": "甲", "value": "a"}, {"label": "乙", "value": "a"}]},
            "form-options",
        ),
        ({"type": "select", "key": "x", "values": [{"label": "甲", "value": ""}]}, "form-options"),
        ({"type": "datetime", "key": "x", "subtype": "month"}, "form-type"),
        (
            {"type": "datetime", "key": "x", "subtype": "date", "properties": {"validate": "after nothing"}},
            "form-validate",
        ),
        ({"type": "number", "key": "x", "defaultValue": "many"}, "form-default"),
        ({"type": "number", "key": "x", "decimalDigits": -1}, "form-number"),
        ({"type": "expression", "key": "x"}, "form-expression"),
        ({"type": "dynamiclist", "components": []}, "form-key"),
        ({"type": "image", "source": "https://elsewhere.example/x.png", "alt": "图"}, "form-image"),
        ({"type": "image", "source": "/static/x.png"}, "form-image"),
        ({"type": "table", "dataSource": "=rows"}, "form-table"),
    ],
)
def test_incomplete_components_are_refused(component, rule):
    assert refusals({"id": "X", **component}) == {("X", rule)}


def test_every_fault_is_reported_at_once_with_its_line():
    data = json.dumps(
        json.loads(schema_of({"type": "iframe", "id": "One"}, {"type": "number", "id": "Two", "key": "X"})), indent=1
    )
    with pytest.raises(FormError) as refused:
        compile_form(data.encode(), file="relief/x.form")
    findings = refused.value.findings
    assert [finding.element for finding in findings] == ["One", "Two"]
    assert all(finding.file == "relief/x.form" and finding.message.zh and finding.message.en for finding in findings)
    assert [finding.position.line for finding in findings] == [8, 12]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"null", b"[]", b"{}", b"\xff\xfe", b'{"components": 3}', b'{"id": "a", "id": "b", "components": []}',
        b"[" * 100_000, b'{"a":' * 100_000, b'{"id": "a", "n": ' + b"9" * 10_000 + b', "components": []}',
        b" " * 600_000, b'{"id": "9 9", "components": []}', b'{"id": "a", "schemaVersion": 20, "components": []}',
        json.dumps({"id": "a", "components": [{"type": "separator", "id": f"s{n}"} for n in range(600)]}).encode(),
    ],
)  # fmt: skip
def test_files_that_are_no_form_are_refused(data):
    with pytest.raises(FormError):
        compile_form(data)


def test_names_of_the_case_are_known_to_expressions():
    field = {"type": "textfield", "id": "X", "key": "x", "conditional": {"hide": "=amount > 3 and x = null"}}
    assert form_of(field).reads == {"amount"}


def test_the_json_schema_describes_what_is_stored(relief):
    schema = relief.json_schema()
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {
        "applicant_name",
        "cause",
        "event_date",
        "persons",
        "requested",
        "ways",
        "promise_true",
    }
    assert schema["properties"]["members"]["maxItems"] == 5
    assert schema["properties"]["cause"]["enum"] == ["illness", "disaster", "other", None]
    assert schema["properties"]["address"]["required"] == ["place"]
    assert json.loads(json.dumps(schema)) == schema
