"""Begins to mend every open incident that a filter finds, one after the other in the background."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.access import scope
from engine.commands.operations import not_operations, required_reason
from engine.commands.worker_values import accepted
from engine.errors import Forbidden, Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import audit, repairs
from engine.store.incident_filter import IncidentFilter
from engine.store.keys import new_key
from engine.store.repairs import ACTIONS, UPDATE, WORKING, RepairRow
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class StartedRepair:
    """The batch, and how many incidents it goes through."""

    key: int
    incidents: int


def start_repair(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    action: str,
    given: IncidentFilter,
    cases: Collection[int] | None = None,
    values: Mapping[str, Any] | None = None,
    undo: bool = False,
    reason: str,
) -> StartedRepair:
    """Return the begun batch: ``retry``, ``skip`` with values, ``update`` variables and retry, or ``cancel`` the cases.

    With ``cases`` it goes through the incidents of these alone.
    Raises Forbidden without the right to repair anywhere or for who is no person, Invalid without a reason, for another
    action, without variables to update, or when nothing is found.
    """
    reach = scope(runtime.published(transaction).roles, actor, "repair")
    if reach.empty:
        raise not_operations()
    if actor.person is None:
        raise Forbidden(Text("批量处理须由本人发起。", "Expected a person to answer for this; sign in as one."))
    text, variables = required_reason(reason), accepted(values or {})
    _check(action, variables)
    row = RepairRow(
        key=(key := new_key()), action=action, filter=repairs.packed_filter(_with_count(given, cases)),
        variables=repairs.sealed_variables(runtime.keyring, key, variables), undo=undo, reason=text,
        regions=" ".join(reach.regions), status=WORKING, person=actor.person, person_name=actor.name,
        created_at=transaction.now, finished_at=None,
    )  # fmt: skip
    count = repairs.insert(transaction, row, reach, cases)
    if not count:
        message = Text("没有符合条件的故障。", "Expected at least one open incident of this filter, but there is none.")
        raise Invalid(message, {"filter": message})
    details = {"action": action, "filter": row.filter, "incidents": count, "reason": text}
    audit.append_unlocked(transaction, "repairs", actor, audit.Entry("start_repair", f"repair:{key}", details=details))
    transaction.after_commit(runtime.wake)
    return StartedRepair(key, count)


def _with_count(given: IncidentFilter, cases: Collection[int] | None) -> IncidentFilter:
    return given if cases is None else replace(given, chosen=len(cases))


def _check(action: str, variables: Mapping[str, Any]) -> None:
    if action not in ACTIONS:
        message = Text("请选择怎样处理。", f"Expected one of {', '.join(ACTIONS)}; choose what is to be done.")
        raise Invalid(message, {"action": message})
    if action == UPDATE and not variables:
        message = Text("请填写要改的数据。", "Expected the variables to set; give at least one.")
        raise Invalid(message, {"values": message})
