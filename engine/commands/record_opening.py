"""Keeps who looked into a restricted case."""

from __future__ import annotations

from collections.abc import Iterable

from engine.model import Actor
from engine.store import audit
from engine.store.transaction import Transaction


def record_opening(transaction: Transaction, actor: Actor, cases: Iterable[int], *, action: str) -> None:
    """Write to the record of openings of each case that the person saw its file; ``action`` is the page or operation."""
    for case in sorted(cases):
        audit.append_unlocked(transaction, chain_of_openings(case), actor, audit.Entry("open_file", action))


def chain_of_openings(case: int) -> str:
    """Return the audit chain in which the openings of a case stand; the case's own chain is locked by its steps."""
    return f"openings:{case}"
