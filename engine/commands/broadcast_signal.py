"""Broadcasts a signal to every token that waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.step import broadcast
from engine.model import Actor
from engine.runtime import Runtime
from engine.store.transaction import Transaction


def broadcast_signal(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, name: str, values: Mapping[str, Any]
) -> int:
    """Return how many tokens heard the signal, in all cases; none is kept for who comes to wait later."""
    return broadcast(runtime, transaction, actor, name, values)
