"""Ends a session."""

from __future__ import annotations

from engine.model import Actor
from engine.store import audit, sessions
from engine.store.transaction import Transaction


def sign_out(transaction: Transaction, actor: Actor, *, token: str) -> None:
    """End the session; its token opens nothing any more."""
    sessions.close_session(transaction, token)
    chain = f"person:{actor.person}"
    audit.append_unlocked(transaction, chain, actor, audit.Entry("sign_out", chain))
