"""Blind indexes by which persons, phones and addresses are found again without being readable."""

from __future__ import annotations

import unicodedata

from engine.store.sealing import Keyring

_TOWNSHIP = 9


def person(keyring: Keyring, id_no: str) -> bytes | None:
    """Return the blind index of an identity number, None for an empty one."""
    return keyring.blind("id_no", id_no) if id_no else None


def phone(keyring: Keyring, number: str) -> bytes | None:
    """Return the blind index of a phone number, None for an empty one."""
    return keyring.blind("phone", number) if number else None


def name(keyring: Keyring, called: str) -> bytes:
    """Return the blind index of a name."""
    return keyring.blind("name", called)


def address(keyring: Keyring, place: str, region: str) -> bytes | None:
    """Return the blind index of an address within its township, None for an empty one."""
    written = plain(place)
    return keyring.blind("address", f"{region[:_TOWNSHIP]}|{written}") if written else None


def plain(place: str) -> str:
    """Return the place without spaces and punctuation, in one width."""
    folded = unicodedata.normalize("NFKC", place)
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")


def masked(called: str) -> str:
    """Return the name with everything but the first character hidden: 王**."""
    return called[:1] + "*" * (len(called) - 1)
