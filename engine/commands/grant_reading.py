"""Lets one person more read a restricted case, or no longer, with a reason."""

from __future__ import annotations

from engine.commands.operations import required_reason
from engine.commands.work import note
from engine.errors import Forbidden, Invalid, NotFound, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_case
from engine.runtime.visibility import may_with_case
from engine.store import cases, people, readers
from engine.store.audit import Entry
from engine.store.cases import LockedCase
from engine.store.transaction import Transaction


def grant_reading(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, case: int, login: str, reason: str
) -> None:
    """Name the person a reader of the case.

    Raises NotFound when the case is hidden or not restricted, Forbidden for somebody who reads it without keeping such
    files, Invalid without a reason or for a login nobody active has.
    """
    locked = _lock(runtime, transaction, actor, case)
    given = required_reason(reason)
    person = people.find_by_login(transaction, login.strip())
    if person is None or not person.active:
        message = Text("请填写在岗人员的登录名。", "Expected the login of somebody active; check it.")
        raise Invalid(message, {"login": message})
    readers.add(transaction, case, people=[person.key], by=actor.name, reason=given)
    details = {"person": person.key, "reason": given}
    note(transaction, actor, locked, Entry("grant_reading", f"person:{person.key}", details=details))


def end_reading(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, case: int, reader: int, reason: str
) -> None:
    """Let a named person no longer read the case; roles read what is theirs to do. Raises as ``grant_reading``."""
    locked = _lock(runtime, transaction, actor, case)
    given = required_reason(reason)
    row = next((one for one in readers.of_case(transaction, case) if one.key == reader), None)
    if row is None or row.person is None:
        raise NotFound(Text("没有这位查阅人。", "Expected a person named as a reader, but there is none."))
    readers.end(transaction, reader)
    details = {"person": row.person, "reason": given}
    note(transaction, actor, locked, Entry("end_reading", f"person:{row.person}", details=details))


def _lock(runtime: Runtime, transaction: Transaction, actor: Actor, case: int) -> LockedCase:
    locked = cases.lock(transaction, case)
    if locked is None or not locked.row.restricted:
        raise unknown_case()
    if not may_with_case(runtime, transaction, actor, "see_case", locked.row):
        raise unknown_case()
    if not may_with_case(runtime, transaction, actor, "confide", locked.row):
        raise Forbidden(
            Text(
                "只有保管此类档案的岗位可以指定查阅人。", "Expected the role that keeps such files; ask it to do this."
            )
        )
    return locked
