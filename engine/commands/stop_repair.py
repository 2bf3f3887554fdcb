"""Stops a batch of repairs: what was not reached stays as it is."""

from __future__ import annotations

from engine.access import covers_all, scope
from engine.commands.operations import not_operations
from engine.errors import Conflict, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_repair
from engine.store import audit, repairs
from engine.store.repairs import STOPPED, WORKING
from engine.store.transaction import Transaction


def stop_repair(runtime: Runtime, transaction: Transaction, actor: Actor, *, repair: int) -> None:
    """Stop the batch. Raises Forbidden, NotFound when it reaches further than the actor, Conflict when it is over."""
    reach = scope(runtime.published(transaction).roles, actor, "repair")
    if reach.empty:
        raise not_operations()
    row = repairs.lock(transaction, repair)
    if row is None or not covers_all(reach.regions, row.regions):
        raise unknown_repair()
    if row.status != WORKING:
        raise Conflict(Text("这批处理已经结束。", "Expected a batch that is under way, but it is over."))
    repairs.finish(transaction, repair, STOPPED)
    audit.append_unlocked(transaction, "repairs", actor, audit.Entry("stop_repair", f"repair:{repair}"))
