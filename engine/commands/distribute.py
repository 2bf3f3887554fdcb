"""How a message finds its one receiver: the token that has waited longest, else a start event, else it waits itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from engine.commands.open_incident import open_incident, open_incident_of_start
from engine.commands.publication import Publication, keep
from engine.commands.receive import begin_at, guarded, receive, region_of
from engine.commands.work import Work
from engine.errors import ModelError
from engine.model import SYSTEM, Actor
from engine.runtime import Runtime
from engine.store import cases, deliveries, meeting, messages, start_events, subscriptions
from engine.store.cases import LockedCase
from engine.store.meeting import Place
from engine.store.messages import BUFFERED, INCIDENT, RECEIVED
from engine.store.start_events import StartEventRow
from engine.store.subscriptions import SubscriptionRow
from engine.store.transaction import Transaction

# More steps than this in one transaction would keep others waiting for the cases it holds.
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Distributed:
    """What became of a message: the step of its receiver (None: nobody yet), and its row where it was kept."""

    work: Work | None = None
    message: int | None = None
    fault: ModelError | None = None


@dataclass(frozen=True, slots=True)
class _Search:
    """The receiver found and locked; ``busy`` when somebody waits whom another transaction holds."""

    waiting: SubscriptionRow | None = None
    locked: LockedCase | None = None
    busy: bool = False


def distribute(
    runtime: Runtime, transaction: Transaction, actor: Actor, publication: Publication, *, patient: bool
) -> Distributed:
    """Return what became of the message; it is kept while it lives when nobody takes it now.

    A patient sender waits for a case that another transaction holds. One that holds a case itself must not: the
    message is kept, and finds its receiver in a transaction of its own.
    """
    place = publication.place(runtime)
    if transaction.deliveries >= MOST_AT_ONCE:
        return _wait(runtime, transaction, publication, later=True)
    transaction.deliveries += 1
    found = _search(transaction, place, publication.reach, patient)
    if found.waiting is not None and found.locked is not None:
        return _to_token(runtime, transaction, actor, publication, found.waiting, found.locked)
    if not found.busy:
        _check_elsewhere(transaction, publication, place)
    start = next(iter(start_events.waiting(transaction, messages.MESSAGE, publication.name)), None)
    if start is not None:
        if publication.stored is None:
            publication.check_reach(region_of(runtime, publication))
        if not found.busy and not publication.key:
            return _to_start(runtime, transaction, publication, start)
    later = found.busy or place not in meeting.hold(transaction, [place])
    # Who began to wait before the place was held was not to be seen until now.
    if not later and subscriptions.oldest(transaction, place, publication.reach) is not None:
        later = True
    if not later and start is not None and not start_events.is_running(transaction, start.process, place):
        return _to_start(runtime, transaction, publication, start)
    return _wait(runtime, transaction, publication, later)


def _search(transaction: Transaction, place: Place, reach: tuple[str, ...] | None, patient: bool) -> _Search:
    while (waiting := subscriptions.oldest(transaction, place, reach)) is not None:
        lock = cases.lock if patient else cases.lock_free
        locked = lock(transaction, waiting.case)
        if locked is None:
            return _Search(busy=True)
        if not locked.row.suspended and subscriptions.find(transaction, waiting.key) is not None:
            return _Search(waiting, locked)
    return _Search()


def _to_token(
    runtime: Runtime, transaction: Transaction, actor: Actor, publication: Publication, waiting: SubscriptionRow,
    locked: LockedCase,
) -> Distributed:  # fmt: skip
    done = guarded(transaction, partial(receive, runtime, transaction, actor, locked, waiting, publication))
    if isinstance(done, Work):
        return Distributed(done, _received(runtime, transaction, publication, done))
    message = keep(runtime, transaction, publication, INCIDENT).key
    parked = deliveries.of_message(transaction, message, deliveries.INCIDENT)
    located = ModelError(done.message, done.element or waiting.element)
    open_incident(runtime, transaction, SYSTEM, case=waiting.case, fault=located, job=parked, kind="message")
    return Distributed(None, message, located)


def _to_start(
    runtime: Runtime, transaction: Transaction, publication: Publication, start: StartEventRow
) -> Distributed:
    done = guarded(transaction, partial(begin_at, runtime, transaction, start, publication))
    if isinstance(done, Work):
        if publication.key:
            start_events.note_started(transaction, start.process, publication.place(runtime), done.row.key)
        return Distributed(done, _received(runtime, transaction, publication, done))
    row = keep(runtime, transaction, publication, INCIDENT)
    parked = deliveries.of_message(transaction, row.key, deliveries.INCIDENT)
    fault = ModelError(done.message, done.element or start.element)
    open_incident_of_start(
        runtime, transaction, definition=start.definition, region=row.region, fault=fault, job=parked, kind="message"
    )
    return Distributed(None, row.key, fault)


def _received(runtime: Runtime, transaction: Transaction, publication: Publication, done: Work) -> int | None:
    """A message with an id is remembered while it lives, so that it is not taken a second time."""
    if publication.stored is not None:
        messages.received(transaction, publication.stored, done.row.key)
    elif publication.message_id is not None and publication.life:
        row = keep(runtime, transaction, publication, RECEIVED)
        messages.received(transaction, row, done.row.key)
        return row.key
    return None


def _wait(runtime: Runtime, transaction: Transaction, publication: Publication, later: bool) -> Distributed:
    if not publication.life and not later:
        return Distributed()
    row = keep(runtime, transaction, publication, BUFFERED)
    if later:
        deliveries.of_message(transaction, row.key)
        transaction.after_commit(runtime.wake)
    return Distributed(None, row.key)


def _check_elsewhere(transaction: Transaction, publication: Publication, place: Place) -> None:
    """A sender is told when somebody waits beyond its reach; one that kept its message waits for somebody within."""
    if publication.reach is None or publication.stored is not None:
        return
    elsewhere = subscriptions.oldest(transaction, place)
    if elsewhere is not None:
        publication.check_reach(elsewhere.region)
