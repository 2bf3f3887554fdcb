"""Who is signed in."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model import Actor
from engine.store import people, sessions
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a session and the language they chose."""

    actor: Actor
    login: str
    language: str | None


def signed_in(transaction: Transaction, token: str, address: str) -> SignedIn | None:
    """Return who the session belongs to, in one statement; None when it has ended."""
    row = sessions.person_of(transaction, token)
    return None if row is None else SignedIn(people.actor(row, address), row.login, row.language)
