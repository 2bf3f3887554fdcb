"""Which processes may this person start, and with which form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.access import scope
from engine.errors import NotFound, Text
from engine.feel import Environment
from engine.forms import Form, Source
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_process
from engine.runtime.sources import option_sources
from engine.store.transaction import Transaction

CITIZEN_ROLE = "citizen"


@dataclass(frozen=True)
class Startable:
    """A process somebody may start; ``regions`` are the prefixes in which."""

    process: str
    name: str
    offer: Text
    form: Form | None
    regions: tuple[str, ...]
    environment: Environment
    sources: Mapping[str, Source]


def startable(runtime: Runtime, transaction: Transaction, actor: Actor) -> tuple[Startable, ...]:
    """Return what a signed-in person may start, or what a citizen without account may apply for."""
    return tuple(
        found
        for process, regions in sorted(start_regions(runtime, transaction, actor).items())
        if (found := _startable(runtime, transaction, process, tuple(sorted(regions)))) is not None
    )


def start_form(runtime: Runtime, transaction: Transaction, actor: Actor, process: str, region: str = "") -> Startable:
    """Return the process with its start form. Raises NotFound when this person cannot start it."""
    regions = start_regions(runtime, transaction, actor).get(process)
    found = _startable(runtime, transaction, process, tuple(sorted(regions)), region) if regions else None
    if found is None:
        raise unknown_process(process)
    return found


def start_regions(runtime: Runtime, transaction: Transaction, actor: Actor) -> dict[str, set[str]]:
    """Return the processes the actor may start, each with the region prefixes in which."""
    roles = runtime.published(transaction).roles
    if actor.person is None and not actor.grants:
        return {process: {""} for process in roles[CITIZEN_ROLE].starts} if CITIZEN_ROLE in roles else {}
    found: dict[str, set[str]] = {}
    for role, region in scope(roles, actor, "start_case").grants:
        for process in roles[role].starts:
            found.setdefault(process, set()).add(region)
    return found


def _startable(
    runtime: Runtime, transaction: Transaction, process: str, regions: tuple[str, ...], region: str = ""
) -> Startable | None:
    try:
        definition = runtime.latest(transaction, process)
    except NotFound:
        return None
    form = definition.start_form
    environment = Environment(transaction.now, runtime.published(transaction).calendar)
    sources = option_sources(runtime, transaction, form, region) if form else {}
    return Startable(process, definition.name, definition.offer, form, regions, environment, sources)
