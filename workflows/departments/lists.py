"""Lists that departments give of a county, in pages: cards, deaths and moves, custody, benefits for work injuries."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from random import Random
from typing import Any

from workflows.departments.households import Person, families
from workflows.departments.requests import Refused

Row = Sequence[Any]
SOURCES = ("disabled_federation", "police", "justice", "human_resources")
PAGE = 500
_TOWNSHIPS = ("101", "102", "200")


class CountyLists:
    """What each source lists of each county: the invented families, and what a test adds."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._added: dict[tuple[str, str], list[Row]] = {}
        self._lock = threading.Lock()

    def add(self, source: str, county: str, rows: Sequence[Row]) -> None:
        """List these people too."""
        with self._lock:
            self._added.setdefault((source, county), []).extend(rows)

    def page(self, source: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the rows from the cursor on, and where the next page begins, empty after the last one."""
        if source not in SOURCES:
            raise Refused(HTTPStatus.NOT_FOUND, error="no such list")
        county, cursor = str(asked.get("county") or ""), str(asked.get("cursor") or "0")
        if not cursor.isdigit():
            raise Refused(HTTPStatus.BAD_REQUEST, error="expected a cursor of this list")
        with self._lock:
            rows = [*_invented(source, county, self._seed), *self._added.get((source, county), ())]
        first = int(cursor)
        after = first + PAGE
        return {"rows": rows[first:after], "next": str(after) if after < len(rows) else ""}


def _invented(source: str, county: str, seed: int) -> list[Row]:
    listed = (member for family in families(seed=seed) for member in family.members)
    people = [(one.name, one.person) for one in listed if one.person.id_no.startswith(county)]
    if source == "disabled_federation":
        return [_card(name, person, county) for name, person in people if person.disabled]
    if source == "police":
        return [[one.id_no, "2026-08-20", None] for _, one in people if one.life == "deceased"]
    if source == "justice":
        return [[one.id_no] for _, one in people if one.life == "in_custody"]
    return []


def _card(name: str, person: Person, county: str) -> Row:
    random = Random(f"{person.seed}:card:{person.id_no}")  # noqa: S311 - invented people, no secret
    ends_on = f"{random.randrange(2027, 2036)}-{random.randrange(1, 13):02d}-28"
    phone = f"138{random.randrange(10**8):08d}"
    suffix = f"{random.randrange(1, 8)}{person.disabled}"
    region = county + random.choice(_TOWNSHIPS)
    return [person.id_no, name, phone, suffix, ends_on, None, person.disabled <= 2, region]
