"""What is in force beside the deployments: roles, outside services, calendar and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from engine.bundle import policy_in_force, read_calendar, read_policy, read_roles, read_services
from engine.clock import Calendar, CalendarYear
from engine.model import PolicyEntry, Role

ROLES, SERVICES, POLICY, CALENDAR = "roles", "services", "policy", "calendar"


@dataclass(frozen=True, eq=False)
class Published:
    """One consistent set of published contents; ``key`` tells sets apart."""

    key: int
    roles: Mapping[str, Role]
    services: frozenset[str]
    calendar: Calendar
    entries: Mapping[str, PolicyEntry]
    _in_force: Any = field(init=False, repr=False)
    _longest: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        def in_force(day: date, region: str) -> Mapping[str, Any]:
            return policy_in_force(self.entries, day, region)

        given = (len(value.region) for entry in self.entries.values() for value in entry.values)
        object.__setattr__(self, "_longest", max(given, default=0))
        object.__setattr__(self, "_in_force", lru_cache(maxsize=4096)(in_force))

    def policy(self, day: date, region: str) -> Mapping[str, Any]:
        """Return the numbers in force on a day in a region, nested by the dots of their ids."""
        # Villages of a county have the same numbers unless some are given for villages.
        found: Mapping[str, Any] = self._in_force(day, region[: self._longest])
        return found


def published_from(key: int, contents: Mapping[tuple[str, str], bytes]) -> Published:
    """Return the set that these contents make; they were checked when they were published."""
    entries: dict[str, PolicyEntry] = {}
    years = {}
    roles: Mapping[str, Role] = {}
    services: frozenset[str] = frozenset()
    for (kind, subject), content in contents.items():
        if kind == POLICY:
            entries.update(_numbers(subject, content))
        elif kind == CALENDAR:
            number, year = _year(subject, content)
            years[number] = year
        elif kind == ROLES:
            roles = _roles(content)
        elif kind == SERVICES:
            services = read_services(content, "services.yaml")[0]
    return Published(key, roles, services, Calendar(years), entries)


# Most contents of a publication are those of the one before.
@lru_cache(maxsize=512)
def _numbers(subject: str, content: bytes) -> Mapping[str, PolicyEntry]:
    return read_policy(content, f"{subject}/policy.yaml")[0]


@lru_cache(maxsize=64)
def _year(subject: str, content: bytes) -> tuple[int, CalendarYear]:
    number, year, _ = read_calendar(content, f"calendar/{subject}.yaml")
    return number, year


@lru_cache(maxsize=8)
def _roles(content: bytes) -> Mapping[str, Role]:
    return read_roles(content, "roles.yaml")[0]
