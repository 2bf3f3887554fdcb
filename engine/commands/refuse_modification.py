"""Closes a proposed modification of a case without doing it: refused by another person, withdrawn by who proposed it."""

from __future__ import annotations

from engine.commands import work
from engine.commands.modification import lock_proposed
from engine.commands.operations import required_reason
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import modifications
from engine.store.audit import Entry
from engine.store.modifications import REFUSED, WITHDRAWN
from engine.store.transaction import Transaction


def refuse_modification(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, modification: int, note: str
) -> str:
    """Return ``withdrawn`` when who proposed it closes it, else ``refused``; the case stays as it is.

    Raises NotFound, Forbidden, Conflict when somebody has decided or the case has ended, Invalid without a note.
    """
    row, locked = lock_proposed(runtime, transaction, actor, modification)
    given = required_reason(note)
    status = WITHDRAWN if actor.person is not None and actor.person == row.person else REFUSED
    modifications.decide(transaction, row.key, status, actor, given)
    details = {"status": status, "note": given, "proposed_by": row.person_name}
    work.note(transaction, actor, locked, Entry("refuse_modification", f"modification:{row.key}", details=details))
    return status
