"""Whether a person may do something with one case: the gate in front of everything that opens one."""

from __future__ import annotations

from engine.access import Subject, may
from engine.model import Actor
from engine.runtime.runtime import Runtime
from engine.store import readers
from engine.store.cases import CaseRow
from engine.store.transaction import Transaction


def may_with_case(
    runtime: Runtime, transaction: Transaction, actor: Actor, action: str, case: CaseRow, part: Subject | None = None
) -> bool:
    """Return whether the actor may do the action with the case, or with a part of it.

    That somebody looks into a restricted case is remembered, for whoever answers the request to write down.
    """
    return _decided(runtime, transaction, actor, action, case.key, readers.subject_of_case(transaction, case, part))


def may_within_case(
    runtime: Runtime, transaction: Transaction, actor: Actor, action: str, case: int | None, subject: Subject
) -> bool:
    """Return whether the actor may do the action with a part of a case of which only the key is known."""
    return _decided(runtime, transaction, actor, action, case, readers.subject_within(transaction, case, subject))


def _decided(
    runtime: Runtime, transaction: Transaction, actor: Actor, action: str, case: int | None, subject: Subject
) -> bool:
    allowed = may(runtime.published(transaction).roles, actor, action, subject)
    if allowed and case is not None and subject.readers is not None and action == "see_case":
        transaction.opened_cases.add(case)
    return allowed
