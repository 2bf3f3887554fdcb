"""A signal reaches everybody who waits for it, each exactly once: few at once, many one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from engine.access import covers
from engine.commands.distribute import MOST_AT_ONCE
from engine.commands.open_incident import open_incident, open_incident_of_start
from engine.commands.publication import Publication, keep
from engine.commands.receive import begin_at, guarded, receive, region_of
from engine.commands.work import Work
from engine.errors import ModelError, Text
from engine.model import SYSTEM, Actor
from engine.runtime import Runtime
from engine.store import cases, deliveries, messages, start_events, subscriptions
from engine.store.cases import LockedCase
from engine.store.start_events import StartEventRow
from engine.store.subscriptions import SubscriptionRow
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Spread:
    """The steps of those who heard the signal at once, and how many hear it in transactions of their own."""

    works: list[Work] = field(default_factory=list)
    later: int = 0


def spread_signal(
    runtime: Runtime, transaction: Transaction, actor: Actor, publication: Publication, besides: int | None = None
) -> Spread:
    """Return who hears the signal now and later; ``besides`` is the case whose own tokens have heard it already."""
    waiting = [
        row
        for row in subscriptions.of_signal(transaction, publication.name)
        if row.case != besides and (publication.reach is None or covers(publication.reach, row.region))
    ]
    starts = start_events.waiting(transaction, messages.SIGNAL, publication.name)
    if starts and publication.stored is None and publication.reach is not None:
        publication.check_reach(region_of(runtime, publication))
    if transaction.deliveries + len(waiting) + len(starts) > MOST_AT_ONCE:
        return Spread(later=_later(runtime, transaction, publication, waiting, starts))
    transaction.deliveries += len(waiting) + len(starts)
    works: list[Work | None] = []
    busy: list[SubscriptionRow] = []
    for row in waiting:
        locked = cases.lock_free(transaction, row.case)
        if locked is None:
            busy.append(row)
        else:
            works.append(signal_token(runtime, transaction, actor, publication, row, locked))
    works += [signal_start(runtime, transaction, publication, start) for start in starts]
    later = _later(runtime, transaction, publication, busy, [])
    return Spread([work for work in works if work is not None], later)


def signal_token(
    runtime: Runtime, transaction: Transaction, actor: Actor, publication: Publication, row: SubscriptionRow,
    locked: LockedCase,
) -> Work | None:  # fmt: skip
    """Return the step of the token that hears the signal; None when it no longer waits, or failed with an incident.

    A suspended case hears none; that it missed one is an incident, because no signal is kept for later.
    """
    if subscriptions.find(transaction, row.key) is None:
        return None
    if locked.row.suspended:
        missed = ModelError(_missed(publication.name), row.element)
        open_incident(runtime, transaction, SYSTEM, case=row.case, fault=missed, kind=messages.SIGNAL)
        return None
    done = guarded(
        transaction, partial(receive, runtime, transaction, actor, locked, row, publication, messages.SIGNAL)
    )
    if isinstance(done, Work):
        return done
    fault = ModelError(done.message, done.element or row.element)
    signal = keep(runtime, transaction, publication, messages.SPREAD, messages.SIGNAL)
    parked = deliveries.of_signal(transaction, signal.key, [row.key], [], deliveries.INCIDENT)
    open_incident(runtime, transaction, SYSTEM, case=row.case, fault=fault, job=parked, kind=messages.SIGNAL)
    return None


def _missed(signal: str) -> Text:
    return Text(
        f"信号「{signal}」发出时案件处于暂停状态,没有收到;恢复后请决定是否重新发送。",
        f"Expected a running case to hear the signal “{signal}”, but it was suspended; "
        "decide after it is resumed whether to send it again.",
    )


def signal_start(
    runtime: Runtime, transaction: Transaction, publication: Publication, start: StartEventRow
) -> Work | None:
    """Return the first step of the case that the signal starts; None, and an incident, when it cannot begin."""
    done = guarded(transaction, partial(begin_at, runtime, transaction, start, publication))
    if isinstance(done, Work):
        return done
    fault = ModelError(done.message, done.element or start.element)
    signal = keep(runtime, transaction, publication, messages.SPREAD, messages.SIGNAL)
    parked = deliveries.of_signal(transaction, signal.key, [], [start.key], deliveries.INCIDENT)
    open_incident_of_start(
        runtime, transaction, definition=start.definition, region=signal.region, fault=fault, job=parked,
        kind=messages.SIGNAL,
    )  # fmt: skip
    return None


def _later(
    runtime: Runtime, transaction: Transaction, publication: Publication, waiting: list[SubscriptionRow],
    starts: list[StartEventRow],
) -> int:  # fmt: skip
    if waiting or starts:
        signal = keep(runtime, transaction, publication, messages.SPREAD, messages.SIGNAL)
        subscribed, started = [row.key for row in waiting], [row.key for row in starts]
        deliveries.of_signal(transaction, signal.key, subscribed, started)
        transaction.after_commit(runtime.wake)
    return len(waiting) + len(starts)
