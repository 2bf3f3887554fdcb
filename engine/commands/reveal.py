"""Shows a masked personal datum in full: a logged act with a reason."""

from __future__ import annotations

from engine.commands.work import chain_of, open_work
from engine.errors import Forbidden, Invalid, NotFound, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_case
from engine.runtime.visibility import may_with_case
from engine.store import audit, cases
from engine.store.transaction import Transaction


def reveal(runtime: Runtime, transaction: Transaction, actor: Actor, *, case: int, name: str, reason: str) -> str:
    """Return the value of the case's variable in full and write who saw it why.

    Raises NotFound when the case or value is none of theirs, Forbidden without the right, Invalid without a reason.
    """
    locked = cases.lock(transaction, case)
    if locked is None or not may_with_case(runtime, transaction, actor, "see_case", locked.row):
        raise unknown_case()
    if not may_with_case(runtime, transaction, actor, "reveal", locked.row):
        raise Forbidden(
            Text("您的岗位不能查看完整信息。", "Expected a role that handles cases; ask the local operator.")
        )
    if not reason.strip():
        message = Text("请写明查看完整信息的原因。", "Expected a reason for seeing it in full; write one.")
        raise Invalid(message, {"reason": message})
    work = open_work(runtime, transaction, actor, locked)
    value = work.run.view(None).get(name)
    if value is None or name not in work.definition.masked_names:
        raise NotFound(
            Text("本案没有这项信息。", "Expected a masked value of the case, but there is none by this name.")
        )
    details = {"name": name, "reason": reason.strip()}
    entry = audit.Entry("reveal", f"case:{case}", region=locked.row.region, details=details)
    head = audit.append(transaction, chain_of(case), locked.head, actor, entry)
    cases.save_state(transaction, locked, locked.state, head)
    return str(value)
