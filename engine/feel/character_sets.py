"""Sets of characters as unions of intersections, so that classes can be subtracted although RE2 cannot do it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LAST = 0x10FFFF
Ranges = tuple[tuple[int, int], ...]
EVERYTHING: Ranges = ((0, LAST),)
_MOST_PARTS = 200


class TooManyParts(ValueError):
    """The set needs more unions and intersections than anybody would write."""


@dataclass(frozen=True, slots=True)
class Part:
    """The characters of some ranges that have every named Unicode category, or lack it where it says so."""

    ranges: Ranges
    categories: frozenset[tuple[str, bool]] = frozenset()


CharacterSet = tuple[Part, ...]


def _merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def _without(ranges: Ranges) -> Ranges:
    """Return all other code points."""
    rest, following = [], 0
    for first, last in ranges:
        if first > following:
            rest.append((following, first - 1))
        following = last + 1
    return (*rest, (following, LAST)) if following <= LAST else tuple(rest)


def _both(a: Ranges, b: Ranges) -> Ranges:
    return _without(_merged((*_without(a), *_without(b))))


def of_ranges(*ranges: tuple[int, int]) -> CharacterSet:
    """Return the characters in any of the ranges, ends included."""
    return (Part(_merged(ranges)),)


def of_category(name: str) -> CharacterSet:
    """Return the characters of a Unicode category that RE2 knows."""
    return (Part(EVERYTHING, frozenset([(name, True)])),)


def union(*sets: CharacterSet) -> CharacterSet:
    """Return the characters in any of the sets."""
    parts = [part for each in sets for part in each]
    plain = _merged(span for part in parts if not part.categories for span in part.ranges)
    special = dict.fromkeys(part for part in parts if part.categories)
    return (*([Part(plain)] if plain else []), *special)


def intersection(a: CharacterSet, b: CharacterSet) -> CharacterSet:
    """Return the characters in both sets. Raises TooManyParts."""
    if len(a) * len(b) > _MOST_PARTS:
        raise TooManyParts
    return union(
        *(
            (Part(ranges, one.categories | two.categories),)
            for one in a
            for two in b
            if (ranges := _both(one.ranges, two.ranges))
        )
    )


def complement(a: CharacterSet) -> CharacterSet:
    """Return all other characters. Raises TooManyParts."""
    result: CharacterSet = (Part(EVERYTHING),)
    for part in a:
        lacking = [(Part(EVERYTHING, frozenset([(name, not has)])),) for name, has in part.categories]
        result = intersection(result, union((Part(_without(part.ranges)),), *lacking))
    return result


def difference(a: CharacterSet, b: CharacterSet) -> CharacterSet:
    """Return the characters of the first set that are not in the second. Raises TooManyParts."""
    return intersection(a, complement(b))


def written(characters: CharacterSet) -> str:
    """Return the set as RE2 writes one character of it."""
    simple = [part for part in characters if not part.categories or _is_one_category(part)]
    mixed = [part for part in characters if part not in simple]
    inside = "".join(_simple(part) for part in simple)
    written_parts = [f"[{inside}]"] if inside else []
    written_parts += [f"[^{_ranges(_without(part.ranges))}{_categories(part, opposite=True)}]" for part in mixed]
    if not written_parts:
        return f"[^{_ranges(EVERYTHING)}]"
    return written_parts[0] if len(written_parts) == 1 else f"(?:{'|'.join(written_parts)})"


def depends_on_case(characters: CharacterSet) -> bool:
    """Return whether RE2 would write the set by what it lacks, which ignoring case would turn upside down."""
    return any(part.ranges != EVERYTHING and part.categories for part in characters)


def _is_one_category(part: Part) -> bool:
    return part.ranges == EVERYTHING and len(part.categories) == 1


def _simple(part: Part) -> str:
    return _categories(part) if part.categories else _ranges(part.ranges)


def _categories(part: Part, opposite: bool = False) -> str:
    return "".join(f"\\{'p' if has is not opposite else 'P'}{{{name}}}" for name, has in sorted(part.categories))


def _ranges(ranges: Ranges) -> str:
    return "".join(
        f"\\x{{{first:x}}}" if first == last else f"\\x{{{first:x}}}-\\x{{{last:x}}}" for first, last in ranges
    )
