"""Keeps when a program last signed in."""

from __future__ import annotations

from engine.store import tokens
from engine.store.transaction import Transaction


def note_token_use(transaction: Transaction, *, token: int) -> None:
    """Write that the token was used now."""
    tokens.used(transaction, token)
