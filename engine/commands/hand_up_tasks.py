"""Hands the open tasks of a matter up to the role that decides it now: no case starts anew, every clock runs on."""

from __future__ import annotations

from dataclasses import dataclass

from engine.access import Subject, cut_to_level, may
from engine.commands.operations import required_reason
from engine.commands.work import chain_of, open_work
from engine.errors import Forbidden, Text
from engine.model import Actor, Grant
from engine.runtime import Runtime
from engine.store import activities, audit, cases, readers, user_tasks
from engine.store.cases import LockedCase
from engine.store.transaction import Transaction
from engine.store.user_tasks import TaskRow
from engine.store.values import unpack

MATTER, RECEIVER = "delegated", "hands_up_to"


@dataclass(frozen=True, slots=True)
class HandedUp:
    """The tasks that another role does from now on."""

    tasks: tuple[int, ...]


def hand_up_tasks(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, matter: str, region: str, reason: str
) -> HandedUp:
    """Return the open tasks of the matter in the region, each now offered to the role its diagram names in ``hands_up_to``.

    Who held one holds it no longer; due times, drafts and timers stay. Raises Forbidden, or Invalid without a reason.
    """
    if not may(runtime.published(transaction).roles, actor, "delegate", Subject(region)):
        raise not_theirs()
    given = required_reason(reason)
    moved = []
    for key, packed in user_tasks.open_within(transaction, region):
        properties = unpack(packed)
        named, receiver = str(properties.get(MATTER, "")), str(properties.get(RECEIVER, ""))
        # Cases of other matters are not locked.
        if not receiver or not (named == matter or named.startswith("=")):
            continue
        found = user_tasks.lock(transaction, key)
        if found is not None and _waits(runtime, transaction, actor, found, named, matter, receiver):
            _hand_up(runtime, transaction, actor, *found, receiver, given)
            moved.append(key)
    return HandedUp(tuple(moved))


def not_theirs() -> Forbidden:
    """Return the rejection for somebody who does not decide there what is delegated."""
    return Forbidden(
        Text(
            "只有该地区的县级确认人或市级业务科可以下放或收回审批权限。",
            "Expected somebody who may delegate decisions in this place; ask the county or the city.",
        )
    )


def _waits(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    found: tuple[TaskRow, LockedCase],
    named: str,
    matter: str,
    receiver: str,
) -> bool:
    """Return whether the task is open, decides the matter, and is not with its receiver yet.

    A matter written ``=name`` is what the variable says that the task sees: a process that serves several.
    """
    row, locked = found
    if row.status != "open" or row.role == receiver:
        return False
    if named == matter:
        return True
    seen = open_work(runtime, transaction, actor, locked).run.view(row.token)
    return bool(seen.get(named[1:].strip()) == matter)


def _hand_up(
    runtime: Runtime, transaction: Transaction, actor: Actor, row: TaskRow, locked: LockedCase, role: str, reason: str
) -> None:
    place = cut_to_level(locked.row.region, runtime.published(transaction).roles.get(role))
    user_tasks.offer_instead(transaction, row, Grant(role, place))
    activities.claimed(transaction, row.case, row.token, None, None)
    if locked.row.restricted:
        readers.add(transaction, row.case, roles=[Grant(role, place)], by=actor.name, reason="task")
    details = {"from": row.role, "to": role, "reason": reason}
    entry = audit.Entry("hand_up_task", f"user_task:{row.key}:{row.element}", region=locked.row.region, details=details)
    head = audit.append(transaction, chain_of(row.case), locked.head, actor, entry)
    cases.save_state(transaction, locked, locked.state, head)
