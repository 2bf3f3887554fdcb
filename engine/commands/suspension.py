"""Says in words who made a case or process stand still, and why."""

from __future__ import annotations

from engine.errors import Conflict, Text
from engine.store import suspensions
from engine.store.cases import CaseRow
from engine.store.suspensions import Suspension
from engine.store.transaction import Transaction


def check_running(transaction: Transaction, row: CaseRow) -> None:
    """Raise Conflict naming who suspended the case, when and why, unless it runs."""
    if not row.suspended:
        return
    raise Conflict(stands_still(suspensions.of_case(transaction, row)))


def check_startable(transaction: Transaction, process: str) -> None:
    """Raise Conflict naming who suspended the process, when and why, unless it may be started."""
    found = suspensions.of_process(transaction, process)
    if found is not None:
        raise Conflict(
            Text(
                f"该事项已由{found.name}于 {found.since:%Y-%m-%d %H:%M} 暂停受理:{found.reason}",
                f"Expected a process that may be started, but {found.name} suspended it at "
                f"{found.since:%Y-%m-%d %H:%M}: {found.reason}",
            )
        )


def stands_still(found: Suspension | None) -> Text:
    """Return the sentence for whoever wants to move a suspended case."""
    who, when, why = (found.name, f"{found.since:%Y-%m-%d %H:%M}", found.reason) if found else ("", "", "")
    return Text(
        f"案件已由{who}于 {when} 暂停:{why}。恢复后再办理,已填内容可先暂存。",
        f"Expected a running case, but {who} suspended it at {when}: {why}. Save a draft and go on when it is resumed.",
    )
