"""Keys of what a version is made of: the version's own key, followed by four digits for the place in it."""

from __future__ import annotations

_PLACES = 10_000


def key_of(definition: int, place: int) -> str:
    """Return the key of the part at this place of a version; it is no longer than 23 digits."""
    return str(definition * _PLACES + place)


def parts_of(key: int) -> tuple[int, int]:
    """Return the version's key and the place that a part's key was made of."""
    return divmod(key, _PLACES)
