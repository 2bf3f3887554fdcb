"""Lets a second person approve a proposed modification of a case, and carries it out in the same transaction."""

from __future__ import annotations

from engine.commands.modification import ACTION, carry_out, differences, lock_proposed
from engine.commands.operations import required_reason
from engine.commands.work import digest
from engine.errors import Conflict, Forbidden, Text
from engine.model import Actor
from engine.runtime import LoadedDefinition, Runtime
from engine.store import modifications
from engine.store.audit import Entry
from engine.store.modifications import DONE, ModificationRow, Outcome
from engine.store.transaction import Transaction
from engine.store.values import pack

MOST_NAMED = 3


def approve_modification(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, modification: int, note: str
) -> Outcome:
    """Return what was done, which is what was proposed.

    Raises NotFound, Forbidden for who proposed it and for who is no person, Conflict when somebody has decided, or the
    case has changed so that something else would happen, Invalid without a note.
    """
    row, locked = lock_proposed(runtime, transaction, actor, modification)
    _check_second_person(row, actor)
    given = required_reason(note)
    plan = modifications.plan_of(runtime.keyring, row)
    details = {
        "modification": str(row.key), "plan": row.plan, "values": digest(pack(dict(plan.variables))),
        "reason": row.reason, "proposed_by": row.person_name, "note": given,
    }  # fmt: skip
    done = carry_out(
        runtime, transaction, actor, locked, plan, Entry(ACTION, f"modification:{row.key}", details=details)
    )
    _check_as_foreseen(row, done, runtime.definition(transaction, locked.row.definition))
    modifications.decide(transaction, row.key, DONE, actor, given)
    return done


def _check_second_person(row: ModificationRow, actor: Actor) -> None:
    if actor.person is None or actor.person == row.person:
        raise Forbidden(
            Text(
                "修改须由提议人以外的另一位运行维护人员复核。",
                "Expected somebody else of the operations role than who proposed it; ask a colleague to decide.",
            )
        )


def _check_as_foreseen(row: ModificationRow, done: Outcome, definition: LoadedDefinition) -> None:
    different = differences(row.foreseen(), done)
    if different:
        nodes = [definition.nodes.get((one.process, one.element)) for one in different]
        named = "、".join(sorted({node.name or node.id for node in nodes if node is not None})[:MOST_NAMED])
        raise Conflict(
            Text(
                f"案件在提议之后有了变化({named}),结果会与提议时不同;请退回后重新提议。",
                f"Expected the case as it was when this was proposed, but it has changed ({named}) and something else "
                "would happen; refuse it and propose anew.",
            )
        )
