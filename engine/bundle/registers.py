"""``roles.yaml``, ``services.yaml`` and ``calendar/<year>.yaml``: what all processes of a library share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal, cast

from engine.bundle.cursor import Cursor, open_yaml
from engine.clock import CalendarYear
from engine.errors import Text
from engine.model import Finding, Role

LEVELS = ("city", "county", "township", "village", "none")
MAY = (
    "work",
    "start",
    "reassign",
    "correct",
    "watch",
    "repair",
    "confide",
    "rosters",
    "delegate",
    "design",
    "publish",
    "administer",
    "audit",
    "reveal",
    "serve",
    "send",
)
_Level = Literal["city", "county", "township", "village", "none"]
_Found = tuple[Finding, ...]


def read_roles(data: bytes, file: str) -> tuple[Mapping[str, Role], _Found]:
    """Return the well-written roles by id, and findings for the rest."""
    cursor = open_yaml(data, file, "roles-file")
    roles: dict[str, Role] = {}
    for name, item in cursor.mapping(optional=None).items():
        before = len(cursor.findings)
        role = _role(name, item)
        if len(cursor.findings) == before:
            roles[name] = role
    return MappingProxyType(roles), tuple(cursor.findings)


def _role(name: str, item: Cursor) -> Role:
    parts = item.mapping(required=("zh", "en", "level"), optional=("may", "starts", "serves"))
    may = (word.one_of(MAY) for word in parts["may"].items()) if "may" in parts else ()
    return Role(
        id=name,
        name=Text(parts["zh"].text() if "zh" in parts else "", parts["en"].text() if "en" in parts else ""),
        level=cast(_Level, parts["level"].one_of(LEVELS)) if "level" in parts else "none",
        may=frozenset(may),
        starts=frozenset(parts["starts"].texts() if "starts" in parts else ()),
        serves=frozenset(parts["serves"].texts() if "serves" in parts else ()),
    )


def read_services(data: bytes, file: str) -> tuple[frozenset[str], _Found]:
    """Return the service types that outside workers answer, and findings for wrong lines."""
    cursor = open_yaml(data, file, "services-file")
    types: list[str] = []
    for item in cursor.items() if cursor.value else ():
        parts = item.mapping(required=("type", "description"))
        for name in ("type", "description"):
            text = parts[name].text() if name in parts else ""
            types.extend([text] if name == "type" and text else [])
    for name in {name for name in types if types.count(name) > 1}:
        cursor.report(
            Text(
                f"服务类型“{name}”应只列一次,请删去重复的。",
                f"Expected the service type “{name}” once, but it is listed again, so remove one.",
            )
        )
    return frozenset(types), tuple(cursor.findings)


def read_calendar(data: bytes, file: str) -> tuple[int, CalendarYear, _Found]:
    """Return the year, its days off and make-up workdays, and findings for wrong lines."""
    cursor = open_yaml(data, file, "calendar-file")
    parts = cursor.mapping(required=("year", "source", "off_days"), optional=("makeup_workdays", "provisional", "note"))
    year = int(parts["year"].number()) if "year" in parts else 0
    off = _days(parts.get("off_days"), year)
    makeup = _days(parts.get("makeup_workdays"), year)
    for day in sorted(off & makeup):
        parts["makeup_workdays"].report(
            Text(
                f"{day} 不能既休息又上班,请删去一处。",
                f"Expected {day} to be a day off or a workday, but it is both, so remove one.",
            )
        )
    provisional = parts["provisional"].flag() if "provisional" in parts else False
    source = parts["source"].text() if "source" in parts else ""
    return year, CalendarYear(off, makeup, provisional, source), tuple(cursor.findings)


def _days(cursor: Cursor | None, year: int) -> frozenset[date]:
    days: set[date] = set()
    for item in cursor.items() if cursor else ():
        day = item.day()
        if day != date.min and day.year != year:
            item.report(
                Text(
                    f"{day} 不在 {year} 年,请移到那一年的文件。",
                    f"Expected a day of {year}, but it is {day}, so move it to that year's file.",
                )
            )
        days.add(day)
    return frozenset(days)
