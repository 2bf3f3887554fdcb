"""Ends a case before its end, with a reason: at once, or after undoing what it has completed."""

from __future__ import annotations

from engine.commands.step import take_step
from engine.commands.work import open_work
from engine.errors import Conflict, Forbidden, Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_case
from engine.runtime.visibility import may_with_case
from engine.store import cases
from engine.store.audit import Entry
from engine.store.transaction import Transaction


def cancel_case(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, case: int, reason: str, undo: bool = False
) -> None:
    """Cancel every token of the case; with ``undo`` run the compensation handlers of what it has completed first.

    The newest is undone first; the case is open until the last of it is done (BPMN 2.0, 10.7). Raises NotFound,
    Forbidden, Conflict when it has ended or is being undone, Invalid without reason, ModelError when a local service
    cannot undo.
    """
    locked = cases.lock(transaction, case)
    if locked is None or not may_with_case(runtime, transaction, actor, "see_incident", locked.row):
        raise unknown_case()
    if not may_with_case(runtime, transaction, actor, "cancel_case", locked.row):
        raise Forbidden(
            Text("只有运行维护岗可以终止案件。", "Expected the operations role; ask it to cancel the case.")
        )
    if locked.row.status != "open":
        raise Conflict(Text("案件已经办结。", "Expected an open case, but it has ended."))
    if not reason.strip():
        message = Text("请写明终止原因。", "Expected a reason for cancelling the case; write one.")
        raise Invalid(message, {"reason": message})
    work = open_work(runtime, transaction, actor, locked)
    if undo:
        work.run.cancel_undoing()
    else:
        work.run.cancel_all()
    take_step(work, Entry("cancel_case", f"case:{case}", details={"reason": reason.strip(), "undo": undo}))
    if work.run.ended:
        cases.end(transaction, locked.row, "cancelled", None, None)
    else:
        cases.begin_undoing(transaction, case)
