"""Delivers a message to the one token that waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.step import correlate, deliver
from engine.commands.suspension import check_running
from engine.commands.work import open_work
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import cases, subscriptions
from engine.store.transaction import Transaction


def correlate_message(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, name: str, key: str, values: Mapping[str, Any]
) -> int | None:
    """Return the case that took the message, or None when nobody waits for this name and key."""
    return correlate(runtime, transaction, actor, name, key, values)


def deliver_to_case(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, case: int, name: str, values: Mapping[str, Any]
) -> bool:
    """Return whether the case waited for the message and took it, whatever its key; Conflict while it is suspended."""
    locked = cases.lock(transaction, case)
    waiting = subscriptions.of_case(transaction, case, name)
    if locked is None or waiting is None:
        return False
    check_running(transaction, locked.row)
    deliver(open_work(runtime, transaction, actor, locked), waiting, name, values)
    return True
