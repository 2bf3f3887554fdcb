"""Makes a whole process stand still: no case of it is started, and none goes on."""

from __future__ import annotations

from engine.access import Subject, may
from engine.commands.operations import not_operations, required_reason
from engine.errors import Conflict, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_process
from engine.store import audit, suspensions
from engine.store.suspensions import Suspension
from engine.store.transaction import Transaction


def suspend_process(runtime: Runtime, transaction: Transaction, actor: Actor, *, process: str, reason: str) -> int:
    """Return how many open cases stand still now, of every version.

    Raises NotFound, Forbidden without the right for the whole city, Conflict when suspended already, Invalid.
    """
    check_may(runtime, transaction, actor, process)
    given = required_reason(reason)
    stopped = suspensions.stop_process(transaction, process)
    before = suspensions.in_force(transaction, suspensions.subject_of_process(process))
    if before is not None:
        raise Conflict(_twice(before))
    city = runtime.settings.city
    suspensions.impose(transaction, suspensions.subject_of_process(process), city, actor, given)
    entry = audit.Entry(
        "suspend_process", f"process:{process}", region=city, details={"reason": given, "cases": stopped}
    )
    audit.append_unlocked(transaction, "suspensions", actor, entry)
    return stopped


def check_may(runtime: Runtime, transaction: Transaction, actor: Actor, process: str) -> None:
    """Raise NotFound for a process that is not deployed, Forbidden without the right for the whole city."""
    roles = runtime.published(transaction).roles
    city = Subject(runtime.settings.city)
    if not may(roles, actor, "see_incident", city):
        raise unknown_process(process)
    if not may(roles, actor, "repair", city):
        raise not_operations()
    runtime.latest(transaction, process)


def _twice(before: Suspension) -> Text:
    return Text(
        f"该流程已由{before.name}于 {before.since:%Y-%m-%d %H:%M} 暂停。",
        f"Expected a running process, but {before.name} suspended it at {before.since:%Y-%m-%d %H:%M}.",
    )
