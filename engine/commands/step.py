"""How a case begins and how every step ends, with everything it sets off elsewhere in the same transaction."""

from __future__ import annotations

from engine.commands.follow_up import follow_up
from engine.commands.settle import Beginning, settle, settle_beginning
from engine.commands.work import Work
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import audit
from engine.store.cases import CaseRow
from engine.store.projection import Completion
from engine.store.transaction import Transaction

__all__ = ["Beginning", "begin_case", "take_step"]


def take_step(work: Work, entry: audit.Entry, completion: Completion | None = None) -> None:
    """Move the case on and write everything that follows, ready for the one commit.

    Raises ModelError when the model or the world is at fault: the caller's transaction is thrown away.
    """
    follow_up(settle(work, entry, completion))


def begin_case(runtime: Runtime, transaction: Transaction, actor: Actor, beginning: Beginning) -> CaseRow:
    """Return the row of a new case, moved until it waits for the first time. Raises ModelError."""
    work = settle_beginning(runtime, transaction, actor, beginning)
    follow_up(work)
    return work.row
