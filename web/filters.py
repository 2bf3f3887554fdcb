"""What a list's address may ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import request

from engine.model import Grant
from engine.store import definitions
from engine.store.people import staffed_below
from web.context import reach_of, runtime, tx
from web.language import _, said


def chosen(name: str, allowed: Sequence[str]) -> str:
    """Return the value of a filter when it is allowed, else the first allowed one."""
    wanted = request.args.get(name, "")
    return wanted if wanted in allowed else allowed[0]


def reachable_regions(action: str) -> list[tuple[str, str]]:
    """Return the places the person may choose from: those directly inside each region of theirs, and these."""
    regions, reach = runtime().regions, reach_of(action)
    found: dict[str, str] = {}
    for prefix in reach.regions:
        start = prefix or runtime().settings.city
        if len(start) >= 6:
            found[start] = regions.name(start)
        found.update(regions.children(start))
    return list(found.items())


def places_by_county(action: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return where the person may do the action, under the name of the county: townships, and villages of one's own.

    Who works in a township may also choose a village of it in which somebody works.
    """
    regions, reach = runtime().regions, reach_of(action).regions
    counties = dict(regions.children(runtime().settings.city))
    found = []
    for county, name in counties.items():
        inside = [place for unit in regions.children(county) for place in _places(unit, reach)]
        if inside:
            found.append((name, inside))
    return found


def _places(township: tuple[str, str], reach: Iterable[str]) -> list[tuple[str, str]]:
    code = township[0]
    if code in reach:
        return [township, *_villages(township, staffed_below(tx(), code))]
    if any(code.startswith(prefix) for prefix in reach):
        return [township]
    return _villages(township, (prefix for prefix in reach if prefix.startswith(code)))


def _villages(township: tuple[str, str], codes: Iterable[str]) -> list[tuple[str, str]]:
    within, label = township
    return [(code, f"{label} " + _("%(number)s 村（居）", number=code[len(within) :])) for code in sorted(codes)]


def process_names() -> list[tuple[str, str]]:
    """Return the deployed processes and their names."""
    return [(process, runtime().latest(tx(), process).name) for process in definitions.processes(tx())]


def role_names() -> list[tuple[str, str]]:
    """Return the roles and what they are called."""
    return [(role.id, said(role.name)) for role in runtime().published(tx()).roles.values()]


def role_words(role: str | None) -> str:
    """Return what a role is called, nothing for no role."""
    found = runtime().published(tx()).roles.get(role or "")
    return said(found.name) if found else role or ""


def all_regions() -> list[tuple[str, str]]:
    """Return every county and township of the city, each county before its townships."""
    regions = runtime().regions
    found: list[tuple[str, str]] = []
    for county, name in regions.children(runtime().settings.city):
        found.append((county, name))
        found += [(code, f"{name} {label}") for code, label in regions.children(county)]
    return found


def grant_words(grant: Grant) -> str:
    """Return a grant as a person reads it: the role, and where it holds."""
    name = role_words(grant.role)
    return f"{name} · {runtime().regions.name(grant.region)}" if grant.region else name
