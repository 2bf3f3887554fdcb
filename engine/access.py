"""Who may see and do what: one table of predicates that every read and every command asks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from engine.model import Actor, Grant, Role

LEVEL_DIGITS: Mapping[str, int] = {"village": 12, "township": 9, "county": 6, "city": 4, "none": 0}
# The levels that have an office of their own.
OFFICES = ("city", "county", "township")

EVERY_SERVICE = "*"

# action -> the capabilities of roles.yaml of which any one gives it
CAPABILITIES: Mapping[str, frozenset[str]] = {
    "see_case": frozenset({"work", "watch", "audit"}),
    "work": frozenset({"work"}),
    "start_case": frozenset({"start"}),
    "reassign": frozenset({"reassign"}),
    "correct": frozenset({"correct"}),
    "watch": frozenset({"watch"}),
    "see_roster": frozenset({"rosters"}),
    "see_queries": frozenset({"watch", "audit"}),
    "see_incident": frozenset({"repair", "watch", "administer"}),
    "repair": frozenset({"repair"}),
    "modify_case": frozenset({"repair"}),
    "cancel_case": frozenset({"repair"}),
    "send_message": frozenset({"repair", "send"}),
    "see_definition": frozenset(
        {"work", "start", "watch", "audit", "repair", "design", "publish", "administer", "serve"}
    ),
    "design": frozenset({"design", "publish"}),
    "deploy": frozenset({"publish"}),
    "migrate": frozenset({"publish", "repair"}),
    "administer": frozenset({"administer"}),
    "operate": frozenset({"repair", "administer"}),
    "audit": frozenset({"audit"}),
    "reveal": frozenset({"reveal", "work"}),
    "confide": frozenset({"confide"}),
    "delegate": frozenset({"delegate"}),
    "serve": frozenset({"serve"}),
    "see_job": frozenset({"serve", "repair", "watch", "administer"}),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who may know of a restricted case: one person, or whoever holds the role in the region."""

    person: int | None
    role: str | None
    region: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing acted on, reduced to what the predicates look at; ``others`` are roles beside the first one.

    ``readers`` is None unless the thing belongs to a restricted case.
    """

    region: str
    role: str | None = None
    assignee: int | None = None
    people: tuple[str, ...] = ()
    others: tuple[Grant, ...] = ()
    readers: tuple[Reader, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person may reach: region prefixes for cases, (role, region prefix) pairs for tasks.

    ``holds`` are all roles of the person, whatever they allow: by them restricted cases are read.
    """

    regions: tuple[str, ...]
    grants: tuple[tuple[str, str], ...]
    person: int | None
    holds: tuple[tuple[str, str], ...] = ()

    @property
    def empty(self) -> bool:
        """Return whether nothing can be reached."""
        return not self.regions and not self.grants


def scope(roles: Mapping[str, Role], actor: Actor, action: str) -> Scope:
    """Return the part of the city in which the actor may do the action."""
    wanted = CAPABILITIES[action]
    useful = [grant for grant in actor.grants if grant.role in roles and roles[grant.role].may & wanted]
    regions = tuple(sorted({grant.region for grant in useful}))
    return Scope(_shortest(regions), _pairs(useful), actor.person, _pairs(actor.grants))


def may(roles: Mapping[str, Role], actor: Actor, action: str, subject: Subject) -> bool:
    """Return whether the actor may do the action with the subject."""
    predicate = PREDICATES.get(action, in_region)
    reach = scope(roles, actor, action)
    return reads(reach, subject) and predicate(reach, actor, subject)


def may_anywhere(roles: Mapping[str, Role], actor: Actor, action: str) -> bool:
    """Return whether any of the actor's roles gives the action at all."""
    return not scope(roles, actor, action).empty


def serving(roles: Mapping[str, Role], actor: Actor, service: str) -> Scope:
    """Return the part of the city for which the actor's workers answer jobs of the service type."""
    able = tuple(
        (role, region)
        for role, region in scope(roles, actor, "serve").grants
        if roles[role].serves & {service, EVERY_SERVICE}
    )
    return Scope(_shortest(tuple(sorted({region for _, region in able}))), able, actor.person, _pairs(actor.grants))


def reads(reach: Scope, subject: Subject) -> bool:
    """Return whether the person may know of the subject: it is not restricted, or the person is one of its readers."""
    if subject.readers is None:
        return True
    return any(_is_reader(reach, reader) for reader in subject.readers)


def _is_reader(reach: Scope, reader: Reader) -> bool:
    if reader.person is not None:
        return reader.person == reach.person
    return any(role == reader.role and reader.region.startswith(region) for role, region in reach.holds)


def in_region(reach: Scope, _actor: Actor, subject: Subject) -> bool:
    """Return whether the subject lies in a region the scope covers."""
    return covers(reach.regions, subject.region)


def holds_task(reach: Scope, actor: Actor, subject: Subject) -> bool:
    """Return whether the task is offered to one of the actor's roles there, or to the actor by name.

    A task is a person's: a program that signs in as a worker has none, whatever its roles.
    """
    if actor.person is None:
        return False
    if subject.assignee == actor.person or str(actor.person) in subject.people:
        return True
    offers = ((subject.role, subject.region), *((grant.role, grant.region) for grant in subject.others))
    return any(role == name and place.startswith(region) for role, region in reach.grants for name, place in offers)


PREDICATES: Mapping[str, Callable[[Scope, Actor, Subject], bool]] = {"work": holds_task}


def covers(prefixes: Iterable[str], region: str) -> bool:
    """Return whether one of the prefixes contains the region."""
    return any(region.startswith(prefix) for prefix in prefixes)


def covers_all(prefixes: Collection[str], regions: str) -> bool:
    """Return whether the prefixes contain each of the regions, written with spaces between; none means everywhere."""
    return all(covers(prefixes, region) for region in regions.split() or [""])


def cut_to_level(region: str, role: Role | None) -> str:
    """Return the part of a case's region at which the role works."""
    return region if role is None else at_level(region, role.level)


def at_level(region: str, level: str) -> str:
    """Return the region of the level that holds this one; a region above that level is returned as it is."""
    return region[: LEVEL_DIGITS[level]]


def _pairs(grants: Iterable[Grant]) -> tuple[tuple[str, str], ...]:
    return tuple((grant.role, grant.region) for grant in grants)


def _shortest(prefixes: tuple[str, ...]) -> tuple[str, ...]:
    kept: list[str] = []
    for prefix in sorted(prefixes, key=len):
        if not covers(kept, prefix):
            kept.append(prefix)
    return tuple(kept)
