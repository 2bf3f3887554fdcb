"""What proposing and approving a modification of a case have in common: it is carried out, or tried and undone."""

from __future__ import annotations

from collections import Counter

from engine.access import Subject
from engine.commands.operations import lock_for_repair
from engine.commands.step import take_step
from engine.commands.work import open_work
from engine.errors import Conflict, ModelError, Text
from engine.model import Actor, Modification, Step
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_modification
from engine.runtime.visibility import may_within_case
from engine.spiff import Wait
from engine.store import modifications
from engine.store.audit import Entry
from engine.store.cases import LockedCase
from engine.store.modifications import PROPOSED, Ending, Held, ModificationRow, Outcome, Stop
from engine.store.transaction import Transaction

ACTION = "modify_case"


class _Undo(Exception):
    """Thrown to take back what was tried."""


def carry_out(
    runtime: Runtime, transaction: Transaction, actor: Actor, locked: LockedCase, plan: Modification, entry: Entry
) -> Outcome:
    """Return what the modification did to the locked case. Raises Conflict when the case cannot go on with it."""
    held = modifications.held(transaction, locked.row.key)
    work = open_work(runtime, transaction, actor, locked)
    before = work.run.gather().waits()
    try:
        work.run.modify(plan)
        take_step(work, entry)
    except ModelError as fault:
        # Who moves the tokens chose this: it is no fault that the case has now.
        raise Conflict(fault.message) from fault
    return _outcome(before, work.run.waits(), work.run.step, held)


def foresee(
    runtime: Runtime, transaction: Transaction, actor: Actor, locked: LockedCase, plan: Modification
) -> Outcome:
    """Return what the modification would do; nothing of it stays. Raises Conflict when the case could not go on."""
    found: list[Outcome] = []
    try:
        with transaction.savepoint():
            found.append(carry_out(runtime, transaction, actor, locked, plan, Entry(ACTION, "")))
            raise _Undo
    except _Undo:
        return found[0]


def lock_proposed(
    runtime: Runtime, transaction: Transaction, actor: Actor, modification: int
) -> tuple[ModificationRow, LockedCase]:
    """Return the proposal nobody has decided about, with its case locked.

    Raises NotFound, Forbidden, Conflict when its case has ended or somebody has decided, naming who and when.
    """
    row = modifications.find(transaction, modification)
    part = Subject(row.region) if row else Subject("")
    if row is None or not may_within_case(runtime, transaction, actor, "see_incident", row.case, part):
        raise unknown_modification()
    locked = lock_for_repair(runtime, transaction, actor, row.case, ACTION)
    row = modifications.find(transaction, modification) or row
    if row.status != PROPOSED:
        when = f"{row.decided_at:%Y-%m-%d %H:%M}"
        raise Conflict(
            Text(
                f"该修改已由{row.decider_name}于 {when} 处理。",
                f"Expected a proposal nobody has decided about, but {row.decider_name} did at {when}.",
            )
        )
    return row, locked


def differences(one: Outcome, other: Outcome) -> list[Stop]:
    """Return the places where two outcomes differ in what ends, begins, or is done on the way."""
    return [stop for stop, _ in _essence(one) ^ _essence(other)]


def _essence(outcome: Outcome) -> set[tuple[Stop, object]]:
    ends = Counter(outcome.endings)
    passed = Counter(outcome.passed)
    counted: list[tuple[Stop, object]] = [(stop, ("begins", times)) for stop, times in outcome.begins().items()]
    counted += [(one.stop, (one.claimed_by, one.draft, one.due, times)) for one, times in ends.items()]
    counted += [(stop, ("passed", times)) for stop, times in passed.items()]
    return set(counted)


def _outcome(before: list[Wait], after: list[Wait], step: Step, held: dict[int, Held]) -> Outcome:
    waited = {wait.token: wait for wait in before}
    gone = {left.token: left for left in step.left}
    return Outcome(
        before=tuple(map(_stop, before)),
        after=tuple(map(_stop, after)),
        endings=tuple(_ending(waited[token], held.get(token, Held())) for token in sorted(waited.keys() & gone.keys())),
        passed=tuple(
            Stop(one.process, one.element, "", one.item)
            for one in step.entered
            if one.token in gone and gone[one.token].outcome == "completed" and one.token not in waited
        ),
        finished=step.ended,
    )


def _stop(wait: Wait) -> Stop:
    return Stop(wait.process, wait.element, wait.kind, wait.item)


def _ending(wait: Wait, held: Held) -> Ending:
    return Ending(_stop(wait), held.claimed_by, held.draft, held.due)
