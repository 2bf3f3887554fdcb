"""``policy.yaml``: numbers by date and region, and which of them are in force."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from engine.bundle.cursor import Cursor, open_yaml
from engine.errors import Text
from engine.model import Finding, PolicyEntry, PolicyValue

_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_REGION = re.compile(r"(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})?")


@lru_cache(maxsize=256)
def read_policy(data: bytes, file: str) -> tuple[Mapping[str, PolicyEntry], tuple[Finding, ...]]:
    """Return the entries that are well written, and findings for the rest."""
    cursor = open_yaml(data, file, "policy-file")
    entries = {entry.id: entry for entry in _entries(cursor)}
    _report_prefixes(cursor, entries)
    return MappingProxyType(entries), tuple(cursor.findings)


def policy_in_force(entries: Mapping[str, PolicyEntry], day: date, region: str) -> dict[str, Any]:
    """Return the values in force as nested mappings: dots in an id nest, an id without a value in force is absent.

    The longest region prefix wins, then the latest start not after the day.
    """
    nested: dict[str, Any] = {}
    for entry in entries.values():
        value = _value_in_force(entry.values, day, region)
        if value is None:
            continue
        *outer, last = entry.id.split(".")
        place = nested
        for part in outer:
            place = place.setdefault(part, {})
        place[last] = value.value
    return nested


def _value_in_force(values: Iterable[PolicyValue], day: date, region: str) -> PolicyValue | None:
    fitting = [value for value in values if value.start <= day and region.startswith(value.region)]
    return max(fitting, key=lambda value: (len(value.region), value.start), default=None)


def _entries(cursor: Cursor) -> Iterator[PolicyEntry]:
    for name, item in cursor.mapping(optional=None).items():
        before = len(cursor.findings)
        if not _ID.fullmatch(name):
            item.report(
                Text(
                    f"参数标识“{name}”应由小写字母、数字、下划线和点组成,请改名。",
                    f"Expected lower-case letters, digits, underscores and dots, but the id is “{name}”, so rename it.",
                )
            )
        parts = item.mapping(required=("name", "unit", "source", "values"))
        if {"name", "unit", "source", "values"} > set(parts):
            continue
        entry = PolicyEntry(
            id=name,
            name=parts["name"].text(),
            unit=parts["unit"].text(),
            source=parts["source"].text(),
            values=tuple(_values(parts["values"])),
        )
        if len(cursor.findings) == before:
            yield entry


def _values(cursor: Cursor) -> Iterator[PolicyValue]:
    seen: set[tuple[date, str]] = set()
    for item in cursor.items():
        parts = item.mapping(required=("from", "value"), optional=("region",))
        if "from" not in parts or "value" not in parts:
            continue
        region = parts["region"].text() if "region" in parts else ""
        value = PolicyValue(parts["value"].scalar(), parts["from"].day(), region)
        if not _REGION.fullmatch(region):
            item.report(
                Text(
                    f"地区“{region}”应为 2、4、6、9 或 12 位区划代码,请改正。",
                    f"Expected a region code of 2, 4, 6, 9 or 12 digits, but it is “{region}”, so correct it.",
                )
            )
        if (value.start, region) in seen:
            item.report(
                Text(
                    f"同一日期和地区应只有一个值,但 {value.start} 写了两次,请删去一个。",
                    f"Expected one value per date and region, but {value.start} has two, so remove one.",
                )
            )
        seen.add((value.start, region))
        yield value
    if cursor.value == []:
        cursor.report(Text("至少应有一个值,请补上。", "Expected at least one value, but there is none, so add one."))


def _report_prefixes(cursor: Cursor, entries: Mapping[str, PolicyEntry]) -> None:
    children = cursor.mapping(optional=None)
    for name in entries:
        parts = name.split(".")
        for end in range(1, len(parts)):
            outer = ".".join(parts[:end])
            if outer in entries:
                children[name].report(
                    Text(
                        f"“{outer}”已经是一个参数,不能再含“{name}”,请改名。",
                        f"Expected “{outer}” to be a number or a group, but “{name}” makes it both, so rename one.",
                    )
                )
