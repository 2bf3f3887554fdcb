"""Broadcasts a signal to everybody who waits for it, in every case, and to the start events that hear it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.follow_up import follow_up
from engine.commands.publication import Publication
from engine.commands.send import sending
from engine.commands.spread_signal import spread_signal
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import audit
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class BroadcastSignal:
    """How many heard the signal at once, and how many hear it in transactions of their own."""

    heard: int
    later: int


def broadcast_signal(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    name: str,
    values: Mapping[str, Any] | None = None,
    region: str = "",
    reason: str = "",
) -> BroadcastSignal:
    """Return how many hear the signal; whoever begins to wait afterwards does not.

    Raises Forbidden without the right to send.
    """
    publication = sending(runtime, transaction, actor, Publication(name, variables=values or {}, region=region))
    spread = spread_signal(runtime, transaction, actor, publication)
    for work in spread.works:
        follow_up(work)
    details = {"heard": len(spread.works), "later": spread.later, "reason": reason.strip()}
    entry = audit.Entry("broadcast_signal", f"signal:{name}", region=publication.region, details=details)
    audit.append_unlocked(transaction, f"signals:{name}", actor, entry)
    return BroadcastSignal(len(spread.works), spread.later)
