"""Mends one incident of a batch, as the person who began it and with that person's rights of today."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.cancel_case import cancel_case
from engine.commands.failed_job import check_open, visible_incident
from engine.commands.resolve_incident import resolve_incident
from engine.commands.skip_activity import skip_activity
from engine.commands.update_variables import update_variables
from engine.errors import Conflict, Forbidden, ModelError, Rejected, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import people, repairs
from engine.store.repairs import CANCEL, DONE, NOT_DONE, SKIP, UPDATE, WORKING, RepairRow
from engine.store.transaction import Transaction


def repair_incident(runtime: Runtime, transaction: Transaction, *, repair: int, incident: int) -> str | None:
    """Return ``done``, or ``not done`` with the reason written beside it; None when there is nothing to do any more.

    At most one case is locked; what was tried in vain leaves nothing behind.
    """
    row = repairs.find(transaction, repair)
    item = repairs.lock_item(transaction, repair, incident)
    if row is None or item is None or row.status != WORKING:
        return None
    try:
        with transaction.savepoint():
            _mend(runtime, transaction, row, incident)
    except (Rejected, ModelError) as obstacle:
        repairs.settle(transaction, item, NOT_DONE, obstacle.message)
        return NOT_DONE
    repairs.settle(transaction, item, DONE)
    return DONE


def _mend(runtime: Runtime, transaction: Transaction, row: RepairRow, incident: int) -> None:
    actor = _actor(transaction, row)
    found = visible_incident(runtime, transaction, actor, incident)
    check_open(found)
    values = repairs.variables_of(runtime.keyring, row)
    if row.action == SKIP:
        skip_activity(runtime, transaction, actor, incident=incident, values=values, reason=row.reason)
    elif row.action == UPDATE:
        update_variables(runtime, transaction, actor, incident=incident, values=values, reason=row.reason)
    elif row.action == CANCEL:
        if found.case is None:
            raise Conflict(Text("案件没有开始,无可终止。", "Expected a case to cancel, but it could not begin."))
        cancel_case(runtime, transaction, actor, case=found.case, reason=row.reason, undo=row.undo)
    else:
        resolve_incident(runtime, transaction, actor, incident=incident, reason=row.reason)


def _actor(transaction: Transaction, row: RepairRow) -> Actor:
    person = people.find(transaction, row.person)
    if person is None or not person.active:
        raise Forbidden(
            Text("发起人已停用,不再继续。", "Expected the person who began this to be active, but the account is closed.")
        )
    return replace(people.actor(person), channel="repair")
