"""Delivers a message to the one token that waits for it, or starts the case it starts; it never waits itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.distribute import distribute
from engine.commands.follow_up import follow_up
from engine.commands.publication import Publication
from engine.commands.receive import receive
from engine.commands.send import sending
from engine.commands.suspension import check_running
from engine.commands.work import Work
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import cases, subscriptions
from engine.store.transaction import Transaction


def correlate_message(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    name: str,
    key: str,
    values: Mapping[str, Any],
    region: str = "",
) -> int | None:
    """Return the case that took the message, or None when nobody waits for this name and key.

    Raises Forbidden without the right to send, Invalid for a start without a place, ModelError when the receiver cannot
    go on: nothing is stored then.
    """
    publication = sending(runtime, transaction, actor, Publication(name, key, values, region=region))
    done = distribute(runtime, transaction, actor, publication, patient=True)
    if done.fault is not None:
        raise done.fault
    return _followed(done.work)


def deliver_to_case(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, case: int, name: str, values: Mapping[str, Any]
) -> bool:
    """Return whether the case waited for the message and took it, whatever its key.

    Raises Conflict while the case is suspended, ModelError when it cannot go on.
    """
    locked = cases.lock(transaction, case)
    waiting = subscriptions.of_case(transaction, case, name)
    if locked is None or waiting is None:
        return False
    check_running(transaction, locked.row)
    follow_up(receive(runtime, transaction, actor, locked, waiting, Publication(name, variables=values)))
    return True


def _followed(work: Work | None) -> int | None:
    if work is None:
        return None
    follow_up(work)
    return work.row.key
