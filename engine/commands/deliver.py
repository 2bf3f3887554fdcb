"""Delivers what was handed over: one message or signal for one receiver, in a transaction of its own."""

from __future__ import annotations

from engine.commands.distribute import distribute
from engine.commands.follow_up import fetch_messages, follow_up
from engine.commands.publication import restored
from engine.commands.spread_signal import signal_start, signal_token, spread_signal
from engine.commands.work import Work
from engine.model import SYSTEM
from engine.runtime import Runtime
from engine.store import cases, deliveries, meeting, messages, start_events, subscriptions
from engine.store.deliveries import DeliveryRow
from engine.store.messages import MessageRow
from engine.store.transaction import Transaction


def deliver(runtime: Runtime, transaction: Transaction) -> bool:
    """Return whether there was something to deliver; each is taken once, by one node."""
    row = deliveries.take(transaction)
    if row is None:
        return False
    message = messages.find(transaction, row.message) if row.message is not None else None
    for work in _done(runtime, transaction, row, message):
        follow_up(work)
    if message is not None and message.kind == messages.SIGNAL:
        _forget_after_the_last(transaction, message)
    return True


def _forget_after_the_last(transaction: Transaction, signal: MessageRow) -> None:
    # Two at the same moment would each see what the other has not yet removed, and neither be the last.
    messages.hold(transaction, signal.key)
    if deliveries.is_last(transaction, signal.key):
        messages.forget(transaction, signal.key)


def _done(runtime: Runtime, transaction: Transaction, row: DeliveryRow, message: MessageRow | None) -> list[Work]:
    if message is None:
        return _fetched(runtime, transaction, row)
    if message.kind == messages.SIGNAL and row.start is None and row.subscription is None:
        return spread_signal(runtime, transaction, SYSTEM, restored(runtime, message), besides=message.case).works
    if message.kind == messages.SIGNAL:
        work = _heard(runtime, transaction, row, message)
    elif message.status == messages.BUFFERED and message.expires_at > transaction.now:
        work = distribute(runtime, transaction, SYSTEM, restored(runtime, message), patient=True).work
    else:
        work = None
    return [] if work is None else [work]


def _fetched(runtime: Runtime, transaction: Transaction, row: DeliveryRow) -> list[Work]:
    """The token takes its case's lock first, then its place: the order of everybody."""
    waiting = subscriptions.find(transaction, row.subscription) if row.subscription is not None else None
    locked = cases.lock(transaction, waiting.case) if waiting is not None else None
    if waiting is None or locked is None or locked.row.suspended:
        return []
    meeting.hold(transaction, [waiting.place])
    return list(fetch_messages(runtime, transaction, waiting))


def _heard(runtime: Runtime, transaction: Transaction, row: DeliveryRow, message: MessageRow) -> Work | None:
    signal = restored(runtime, message)
    if row.start is not None:
        start = start_events.find(transaction, row.start)
        return None if start is None else signal_start(runtime, transaction, signal, start)
    waiting = subscriptions.find(transaction, row.subscription) if row.subscription is not None else None
    locked = cases.lock(transaction, waiting.case) if waiting is not None else None
    if waiting is None or locked is None:
        return None
    return signal_token(runtime, transaction, SYSTEM, signal, waiting, locked)
