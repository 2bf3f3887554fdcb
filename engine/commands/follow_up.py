"""What a step set off elsewhere belongs to the same transaction: messages, signals, cases asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from engine.commands.distribute import distribute
from engine.commands.publication import restored, thrown
from engine.commands.settle import Beginning, settle_beginning
from engine.commands.spread_signal import spread_signal
from engine.commands.stop_chain import endless, is_endless, stop_chain
from engine.commands.work import Work
from engine.diagram.thrown import life
from engine.model import SYSTEM, SentMessage, Step
from engine.runtime import Runtime
from engine.store import deliveries, meeting, messages, start_events, subscriptions
from engine.store.meeting import Place
from engine.store.subscriptions import SubscriptionRow, place_of
from engine.store.transaction import Transaction


def follow_up(work: Work) -> None:
    """Do what the step set off, and what that set off in turn, until nothing is left or the rest is handed over.

    A fault of a receiver is an incident of the receiver; the step that sent stays.
    """
    waiting = deque([work])
    while waiting:
        waiting.extend(_set_off(waiting.popleft()))


def _set_off(work: Work) -> Iterator[Work]:
    step = work.run.step
    if step.messages or step.subscriptions:
        yield from _meet(work)
    for signal in step.signals:
        sent = thrown(work.row, signal, work.hops + 1, work.runtime.settings.message_life)
        if is_endless(work.runtime, sent.hops):
            stop_chain(work, sent, messages.SIGNAL)
            continue
        yield from spread_signal(work.runtime, work.transaction, SYSTEM, sent, besides=work.row.key).works
    yield from _requested_cases(work)
    if step.ended and work.definition.starts_by_message:
        yield from _next_of_start(work)


def _meet(work: Work) -> Iterator[Work]:
    """Hold every place first, all at once: what is thrown there and what waits there cannot miss each other."""
    keyring, step = work.runtime.keyring, work.run.step
    awaited = [row for row in subscriptions.of_tokens(work.transaction, work.row.key) if _is_new(step, row)]
    sent = [thrown(work.row, message, work.hops + 1, _life(work, message)) for message in step.messages]
    if is_endless(work.runtime, work.hops + 1):
        for publication in sent:
            stop_chain(work, publication, messages.MESSAGE)
        sent = []
    places = [row.place for row in awaited] + [place_of(keyring, one.name, one.key) for one in sent]
    held = meeting.hold(work.transaction, places)
    for publication in sent:
        done = distribute(work.runtime, work.transaction, SYSTEM, publication, patient=False)
        if done.work is not None:
            yield done.work
    for row in awaited:
        yield from _look_for_messages(work, row, held)


def _life(work: Work, sent: SentMessage) -> timedelta:
    node = work.definition.nodes.get((sent.process, sent.element))
    drawn = life(node) if node is not None else None
    return drawn or work.runtime.settings.message_life


def _is_new(step: Step, row: SubscriptionRow) -> bool:
    return any((one.token, one.message, one.kind) == (row.token, row.message, "message") for one in step.subscriptions)


def _look_for_messages(work: Work, row: SubscriptionRow, held: frozenset[Place]) -> Iterator[Work]:
    if row.place not in held:
        deliveries.of_subscriptions(work.transaction, [row.key])
        work.transaction.after_commit(work.runtime.wake)
        return
    yield from fetch_messages(work.runtime, work.transaction, row)


def fetch_messages(runtime: Runtime, transaction: Transaction, row: SubscriptionRow) -> Iterator[Work]:
    """Yield the steps of those who take what waited for this subscription, oldest first, while it stands."""
    while (message := messages.oldest(transaction, row.place, row.region)) is not None:
        if subscriptions.find(transaction, row.key) is None:
            return
        done = distribute(runtime, transaction, SYSTEM, restored(runtime, message), patient=False)
        if done.work is None:
            return
        yield done.work


def _next_of_start(work: Work) -> Iterator[Work]:
    """A case that a message with a key started makes room for the next one when it ends."""
    place = start_events.of_case(work.transaction, work.row.key)
    if place is None:
        return
    meeting.wait_for(work.transaction, place)
    start_events.release(work.transaction, work.row.key)
    message = messages.oldest(work.transaction, place)
    if message is not None:
        waited = restored(work.runtime, message)
        done = distribute(work.runtime, work.transaction, SYSTEM, waited, patient=False)
        if done.work is not None:
            yield done.work


def _requested_cases(work: Work) -> Iterator[Work]:
    requested, work.transaction.requested_cases = work.transaction.requested_cases, []
    for process, region, values in requested:
        definition = work.runtime.latest(work.transaction, process)
        if is_endless(work.runtime, work.hops + 1):
            raise endless(definition.name)
        beginning = Beginning(definition, region, values, "system", work.row.key, hops=work.hops + 1)
        actor = replace(SYSTEM, address=work.actor.address)
        yield settle_beginning(work.runtime, work.transaction, actor, beginning)
