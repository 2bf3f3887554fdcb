"""Repeated requests: the first answer under an idempotency key is the answer of every repetition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from engine.model import Actor
from engine.store import requests
from engine.store.transaction import Transaction


def answered(transaction: Transaction, actor: Actor, key: str | None) -> Mapping[str, Any] | None:
    """Return what the request was answered before, or None for a new one."""
    if key is None:
        return None
    found = requests.find(transaction, _whose(actor), key)
    return None if found is None else msgspec.json.decode(found)


def remember(transaction: Transaction, actor: Actor, key: str | None, answer: Mapping[str, str]) -> None:
    """Keep the answer for repetitions of the request."""
    if key is not None:
        requests.insert(transaction, _whose(actor), key, msgspec.json.encode(answer))


def _whose(actor: Actor) -> str:
    if actor.person is not None:
        return str(actor.person)
    # Programs that act for nobody have names of their own; citizens without an account do not.
    return f"{actor.channel}:{actor.name}" if actor.grants else actor.channel
