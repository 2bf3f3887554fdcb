"""Removes an upload from a form that is still open."""

from __future__ import annotations

from engine.commands.attach_file import place_of
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import files
from engine.store.transaction import Transaction


def remove_file(runtime: Runtime, transaction: Transaction, actor: Actor, *, owner: str, file: str) -> bool:
    """Return whether there was such a file. Raises NotFound or Conflict as attaching does."""
    place_of(runtime, transaction, actor, owner, "")
    return files.delete(transaction, owner, file)
