"""What the verbs of operations have in common: the right, the reason, and the case they act on."""

from __future__ import annotations

from engine.errors import Conflict, Forbidden, Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_case
from engine.runtime.visibility import may_with_case
from engine.store import cases
from engine.store.cases import LockedCase
from engine.store.transaction import Transaction

MOST_CHARACTERS = 500


def lock_for_repair(
    runtime: Runtime, transaction: Transaction, actor: Actor, case: int, action: str = "repair"
) -> LockedCase:
    """Return the open case, locked. Raises NotFound when hidden, Forbidden without the right, Conflict when ended."""
    locked = cases.lock(transaction, case)
    if locked is None or not may_with_case(runtime, transaction, actor, "see_incident", locked.row):
        raise unknown_case()
    if not may_with_case(runtime, transaction, actor, action, locked.row):
        raise not_operations()
    if locked.row.status != "open":
        raise Conflict(Text("案件已经办结。", "Expected an open case, but it has ended."))
    return locked


def required_reason(reason: str) -> str:
    """Return the reason as written down. Raises Invalid when there is none, or it is too long to be one."""
    given = reason.strip()
    if not given:
        message = Text("请写明理由。", "Expected a reason; write one.")
        raise Invalid(message, {"reason": message})
    if len(given) > MOST_CHARACTERS:
        message = Text(
            f"理由应不超过 {MOST_CHARACTERS} 字。", f"Expected a reason of at most {MOST_CHARACTERS} characters."
        )
        raise Invalid(message, {"reason": message})
    return given


def not_operations() -> Forbidden:
    """Return the rejection for somebody who may see the case but not repair it."""
    return Forbidden(Text("只有运行维护岗可以进行此操作。", "Expected the operations role; ask it to do this."))
