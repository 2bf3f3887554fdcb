"""Keeps a denial: who was refused what."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model import Actor
from engine.store import audit
from engine.store.existing import is_ours
from engine.store.transaction import Transaction

UNKNOWN = "unknown"


def record_denial(transaction: Transaction, actor: Actor, *, action: str, asked: Mapping[str, object]) -> None:
    """Write the denial to the person's chain, in a transaction of its own.

    Of what was asked for only keys and names of ours are kept: an identity number in an address is no case's key.
    """
    chain = f"person:{actor.person}" if actor.person is not None else "anonymous"
    subject = ",".join(f"{name}={_kept(transaction, str(value))}" for name, value in asked.items())
    audit.append_unlocked(transaction, chain, actor, audit.Entry(action, subject, "denied"))


def _kept(transaction: Transaction, value: str) -> str:
    return value if is_ours(transaction, value) else UNKNOWN
