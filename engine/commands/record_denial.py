"""Keeps a denial: who was refused what."""

from __future__ import annotations

from engine.model import Actor
from engine.store import audit
from engine.store.transaction import Transaction


def record_denial(transaction: Transaction, actor: Actor, *, action: str, subject: str) -> None:
    """Write the denial to the person's chain, in a transaction of its own."""
    chain = f"person:{actor.person}" if actor.person is not None else "anonymous"
    audit.append_unlocked(transaction, chain, actor, audit.Entry(action, subject, "denied"))
