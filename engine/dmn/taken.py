"""What decisions and services take from the case: their free names and dotted paths, with those of all they require."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.dmn.assembling import Part
from engine.dmn.tree import DecisionService


@dataclass(frozen=True, slots=True)
class Taken:
    """Free names, and dotted paths whose first name is free."""

    names: frozenset[str] = frozenset()
    paths: frozenset[tuple[str, ...]] = frozenset()

    def joined(self, others: list[Taken]) -> Taken:
        """Return what this and the others take."""
        names = self.names.union(*(other.names for other in others))
        return Taken(names, self.paths.union(*(other.paths for other in others)))


def taken_by(parts: Mapping[str, Part]) -> dict[str, Taken]:
    """Return for every part what it takes. Functions see only what they are given, so what they call does not count."""
    own = {key: Taken(part.free_names(), part.free_paths()) for key, part in parts.items()}
    found: dict[str, Taken] = {}
    for key in parts:
        _follow(key, parts, own, found)
    for key, part in parts.items():
        if isinstance(part.node, DecisionService):
            given = frozenset(need.alias or need.names[0] for need in part.taken)
            found[key] = Taken(given).joined([own[each] for each in part.inside])
    return found


def _follow(key: str, parts: Mapping[str, Part], own: Mapping[str, Taken], found: dict[str, Taken]) -> None:
    """Each part is looked at once, after those it requires: a file may hold long chains."""
    waiting = [key]
    while waiting:
        required = [need.key for need in parts[waiting[-1]].decisions]
        missing = [each for each in required if each not in found]
        waiting += missing
        if not missing:
            each = waiting.pop()
            found.setdefault(each, own[each].joined([found[other] for other in required]))
