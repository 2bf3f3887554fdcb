"""Proposes to move tokens of a case by hand; somebody else has to approve before anything happens."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.modification import ACTION, foresee
from engine.commands.operations import lock_for_repair, required_reason
from engine.commands.work import digest, note
from engine.commands.worker_values import accepted
from engine.errors import Conflict, Invalid, Text
from engine.model import Actor, Modification
from engine.runtime import Runtime
from engine.store import modifications
from engine.store.audit import Entry
from engine.store.keys import new_key
from engine.store.modifications import PROPOSED, ModificationRow, Outcome
from engine.store.transaction import Transaction
from engine.store.values import pack


@dataclass(frozen=True, slots=True)
class ProposedModification:
    """The proposal and what it would do."""

    key: int
    outcome: Outcome


def propose_modification(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, case: int, plan: Modification, reason: str
) -> ProposedModification:
    """Return the proposal, tried out and undone; the case goes on as before until it is approved.

    Raises NotFound, Forbidden, Conflict (ended, another proposal is open, the case could not go on), Invalid without a
    reason, without any change, or with a variable that belongs to the engine.
    """
    locked = lock_for_repair(runtime, transaction, actor, case, ACTION)
    given = required_reason(reason)
    _check_open_proposal(transaction, case)
    outcome = foresee(runtime, transaction, actor, locked, checked(plan))
    row = ModificationRow(
        key=(key := new_key()), case=case, region=locked.row.region, plan=modifications.packed_plan(plan),
        outcome=modifications.packed_outcome(outcome),
        variables=modifications.sealed_variables(runtime.keyring, key, plan), reason=given, status=PROPOSED,
        person=actor.person, person_name=actor.name, proposed_at=transaction.now, decider=None, decider_name=None,
        decided_at=None, note=None,
    )  # fmt: skip
    modifications.insert(transaction, row)
    details = {"reason": given, "plan": row.plan, "values": digest(pack(dict(plan.variables)))}
    note(transaction, actor, locked, Entry("propose_modification", f"modification:{key}", details=details))
    return ProposedModification(key, outcome)


def try_modification(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, case: int, plan: Modification
) -> Outcome:
    """Return what the modification would do; nothing is stored. Raises what ``propose_modification`` raises."""
    locked = lock_for_repair(runtime, transaction, actor, case, ACTION)
    return foresee(runtime, transaction, actor, locked, checked(plan))


def checked(plan: Modification) -> Modification:
    """Return the plan. Raises Invalid when it changes nothing, or sets a variable that belongs to the engine."""
    accepted(plan.variables)
    if not (plan.ends or plan.starts or plan.variables):
        message = Text(
            "请至少选择一个结束或开始的步骤,或填写要改的数据。",
            "Expected a token to end, an element to start or a variable to set; choose one.",
        )
        raise Invalid(message, {"ends": message})
    return plan


def _check_open_proposal(transaction: Transaction, case: int) -> None:
    before = modifications.open_of_case(transaction, case)
    if before is not None:
        when = f"{before.proposed_at:%Y-%m-%d %H:%M}"
        raise Conflict(
            Text(
                f"{before.person_name}已于 {when} 提议修改该案件,请先处理那项提议。",
                f"Expected no other proposal, but {before.person_name} made one at {when}; decide about it first.",
            )
        )
