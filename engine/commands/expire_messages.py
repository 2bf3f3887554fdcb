"""Ends the wait of messages whose time is over: one that a case threw becomes an incident, nothing is silent.

A diagram may say that a message is for whomever it concerns, if anybody: the throwing event's property ``receiver`` is
``optional``.
"""

from __future__ import annotations

from engine.commands.open_incident import open_incident
from engine.diagram.thrown import may_be_unheard
from engine.errors import ModelError, Text
from engine.model import SYSTEM
from engine.runtime import Runtime
from engine.store import cases, deliveries, messages
from engine.store.messages import MessageRow
from engine.store.transaction import Transaction

BATCH = 200


def expire_messages(runtime: Runtime, transaction: Transaction) -> int:
    """Return how many messages waited in vain or need no longer be remembered."""
    rows = messages.over(transaction, BATCH)
    for row in rows:
        _expire(runtime, transaction, row)
    return len(rows)


def _expire(runtime: Runtime, transaction: Transaction, row: MessageRow) -> None:
    if row.status == messages.RECEIVED:
        messages.forget(transaction, row.key)
    elif row.case is None or _may_be_unheard(runtime, transaction, row):
        messages.set_status(transaction, row.key, messages.EXPIRED)
    else:
        messages.set_status(transaction, row.key, messages.INCIDENT)
        parked = deliveries.of_message(transaction, row.key, deliveries.INCIDENT)
        fault = ModelError(_nobody_waited(row.name), row.element)
        open_incident(runtime, transaction, SYSTEM, case=row.case, fault=fault, job=parked, kind="message")


def _may_be_unheard(runtime: Runtime, transaction: Transaction, row: MessageRow) -> bool:
    case = cases.find(transaction, row.case) if row.case is not None else None
    if case is None or row.process is None or row.element is None:
        return False
    node = runtime.definition(transaction, case.definition).nodes.get((row.process, row.element))
    return node is not None and may_be_unheard(node)


def _nobody_waited(name: str) -> Text:
    return Text(
        f"消息「{name}」已发出,但在有效期内没有案件等它,请核对消息名称和关联编号,再重试。",
        f"Expected a case that waits for the message “{name}”, but none did while it lived; "
        "check its name and key, then retry.",
    )
