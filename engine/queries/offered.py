"""Is there a job for this worker? Asked before jobs are taken, so that waiting workers write nothing."""

from __future__ import annotations

from engine.access import serving
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import offers
from engine.store.transaction import Transaction


def any_offered(runtime: Runtime, transaction: Transaction, actor: Actor, service: str) -> bool:
    """Return whether a job of the service type waits for the actor's workers."""
    reach = serving(runtime.published(transaction).roles, actor, service)
    return not reach.empty and offers.any_due(transaction, service, reach)
