"""Validates one filling and collects what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import Invalid, Text
from engine.forms import messages
from engine.forms.fields import Field, RowList
from engine.forms.filling import ABSENT, Row
from engine.forms.reading import is_empty
from engine.forms.uploads import check_files


@dataclass(frozen=True, slots=True)
class Submission:
    """What a filling stores, and the sentence for each field path that is wrong."""

    values: dict[str, Any]
    errors: Mapping[str, Text]

    def accepted(self) -> dict[str, Any]:
        """Return the values to store; raises Invalid with the sentence of every wrong field."""
        if self.errors:
            count = len(self.errors)
            raise Invalid(Text(
                f"有 {count} 处需要修改，内容尚未提交，请改正后再提交",
                f"Expected a complete form but {count} answers need correction, so nothing was stored yet",
            ), self.errors)  # fmt: skip
        return self.values


def submit(row: Row) -> Submission:
    """Return what the row stores and what is wrong in it, rows within it included."""
    errors: dict[str, Text] = {}
    return Submission(_collected(row, errors), errors)


def _collected(row: Row, errors: dict[str, Text]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for leaf in row.part.leaves:
        if row.hidden(leaf):
            continue
        value = _rows(row, leaf, errors) if isinstance(leaf, RowList) else _answer(row, leaf, errors)
        if value is not ABSENT:
            _place(values, leaf.name, value)
    return values


def _place(values: dict[str, Any], name: tuple[str, ...], value: Any) -> None:
    for step in name[:-1]:
        values = values.setdefault(step, {})
    values[name[-1]] = value


def _answer(row: Row, field: Field, errors: dict[str, Text]) -> Any:
    if field.expression is None and row.disabled(field):
        return ABSENT
    reading = row.entry(field)
    if not row.editable(field):
        return reading.value
    refusal = reading.refusal or _refusal(row, field, reading.value)
    if refusal is None:
        return reading.value
    errors[row.path + ".".join(field.name)] = refusal
    return ABSENT


def _refusal(row: Row, field: Field, value: Any) -> Text | None:
    label = row.label(field)
    if is_empty(field.type, value):
        return messages.missing(field.type, label) if row.required(field) else None
    if field.type == "filepicker" and (refusal := check_files(field, value, label)) is not None:
        return refusal
    return next((refusal for check in field.checks if (refusal := check(value, row, label)) is not None), None)


def _rows(row: Row, row_list: RowList, errors: dict[str, Text]) -> list[dict[str, Any]]:
    lines = [_collected(line, errors) for line in row.rows(row_list)]
    refusal = _rows_refusal(row, row_list, lines)
    if refusal is not None:
        errors[row.path + ".".join(row_list.name)] = refusal
    return lines


def _rows_refusal(row: Row, row_list: RowList, lines: list[dict[str, Any]]) -> Text | None:
    label = row.label(row_list)
    if row.row_count(row_list) > row_list.max_rows:
        return messages.too_many_rows(label, row_list.max_rows)
    if len(lines) < row_list.min_rows:
        return messages.too_few_rows(label, row_list.min_rows)
    return next((refusal for check in row_list.checks if (refusal := check(lines, row, label)) is not None), None)
