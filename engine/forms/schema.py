"""A form file's bytes -> a plain dict of bounded size and depth."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from engine.errors import Text
from engine.forms.findings import FormError, Report

MAX_BYTES = 500_000
MAX_DEPTH = 24
NEWEST_VERSION = 19


def read_schema(data: bytes, file: str) -> tuple[dict[str, Any], Report]:
    """Return the schema as a dict and a report to add findings to; raises FormError for what cannot be read."""
    report = Report(file)
    if len(data) > MAX_BYTES:
        _refuse(
            report,
            "form-size",
            f"表单文件不得超过 {MAX_BYTES} 字节，请拆成几个表单",
            f"Expected at most {MAX_BYTES} bytes but the form has {len(data)}, so split it",
        )
    if _depth(data) > MAX_DEPTH:
        _refuse(
            report,
            "form-depth",
            f"表单嵌套不得超过 {MAX_DEPTH} 层，请减少分组",
            f"Expected at most {MAX_DEPTH} levels but the form nests deeper, so use fewer groups",
        )
    schema = _decode(data, report)
    if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
        _refuse(
            report,
            "form-json",
            "文件应是 form-js 表单（含 components 列表），请用表单编辑器保存后再上传",
            "Expected a form-js form with a list of components but found something else, "
            "so save it with the form editor",
        )
    _check_version(schema, report)
    return schema, report


def _decode(data: bytes, report: Report) -> Any:
    try:
        report.text = data.decode("utf-8-sig")
        return json.loads(report.text, parse_float=Decimal, parse_int=_whole, object_pairs_hook=_unique)
    except ValueError as problem:
        _refuse(
            report,
            "form-json",
            f"文件不是有效的 JSON（{problem}），请用表单编辑器重新保存",
            f"Expected JSON but {problem}, so save the form again with the form editor",
        )


def _whole(text: str) -> int:
    if len(text) > 20:
        raise ValueError("a number has more than 20 digits")
    return int(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice in one object")
    return found


def _check_version(schema: dict[str, Any], report: Report) -> None:
    version = schema.get("schemaVersion", 1)
    if not isinstance(version, int) or version > NEWEST_VERSION:
        report.add("form-version", None, Text(
            f"表单格式版本应不高于 {NEWEST_VERSION}，现为 {version}，请用支持的编辑器保存",
            f"Expected schema version {NEWEST_VERSION} or older but found {version}, so save it with a known editor",
        ))  # fmt: skip


def _depth(data: bytes) -> int:
    """Count brackets before the JSON decoder, which recurses, sees them."""
    depth = deepest = 0
    quoted = escaped = False
    for byte in data:
        if quoted:
            quoted = escaped or byte != 0x22
            escaped = byte == 0x5C and not escaped
        elif byte == 0x22:
            quoted = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _refuse(report: Report, rule: str, zh: str, en: str) -> None:
    report.add(rule, None, Text(zh, en))
    raise FormError(report.findings)
