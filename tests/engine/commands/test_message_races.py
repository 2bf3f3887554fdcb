"""Messages and signals when everybody acts at the same moment: nothing is lost, nothing is received twice."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import Random

import pytest
import sqlalchemy as sa

from engine.clock import FixedClock
from engine.commands.broadcast_signal import broadcast_signal
from engine.commands.complete_task import complete_task
from engine.commands.deliver import deliver
from engine.commands.publish_message import publish_message
from engine.commands.start_case import start_case
from engine.jobs.in_order import run_in_order
from engine.model import SYSTEM
from engine.store import deliveries
from engine.store import tables as t
from engine.store.transaction import Database
from engine.testing.crowd import at_once
from engine.testing.places import HILL
from tests.engine.commands.drawn import at_look, drawn, put

CROWD = 16
HOUR = timedelta(hours=1)
# The second task throws what the case of the order waits for, within the transaction in which the first is completed.
THROW = (
    '<userTask id="middle" name="登记"><extensionElements><zeebe:userTask /><zeebe:assignmentDefinition '
    'candidateGroups="clerk" /></extensionElements></userTask><sequenceFlow id="middle_to_throw" sourceRef="middle" '
    'targetRef="throw" /><intermediateThrowEvent id="throw" name="发出">{event}</intermediateThrowEvent>'
)
CATCH = (
    '<intermediateCatchEvent id="middle" name="等待"><signalEventDefinition signalRef="s" /></intermediateCatchEvent>'
)


def _start(office, number):
    return office.desk.start(office.clerk, "waiting", HILL, order_no=number).key


def _publish(office, key, **given):
    return office.desk.do(publish_message, SYSTEM, name="receipt", key=key, **given)


def _at_receipt(office, cases):
    """Return how many tokens of each case have gone on."""
    return [len([row for row in office.desk.tasks(case) if row.element == "file_receipt"]) for case in cases]


def _left(office):
    with office.desk.runtime.read() as transaction:
        # A case of an order goes on to listen for its withdrawal.
        waiting = sa.select(sa.func.count()).where(t.subscription.c.message != "withdrawal")
        others = [sa.select(sa.func.count()).select_from(table) for table in (t.message, t.delivery)]
        return [transaction.execute(query).scalar_one() for query in (waiting, *others)]


@pytest.mark.parametrize("one_key", [True, False])
def test_who_publishes_and_who_begins_to_wait_at_the_same_moment_find_each_other(office, one_key):
    cases: list[int] = []

    def act(number: int) -> None:
        key = "A1" if one_key else f"A{number // 2}"
        if number % 2:
            cases.append(_start(office, key))
        else:
            _publish(office, key, life=HOUR)

    for _ in range(3):
        at_once(CROWD, act)
        office.desk.run_due()
    assert _at_receipt(office, cases) == [1] * (3 * CROWD // 2)
    assert _left(office) == [0, 0, 0]


@pytest.mark.parametrize("first", ["publishes", "begins to wait"])
def test_who_comes_while_the_other_has_not_committed_yet_is_not_missed(office, first):
    cases: list[int] = []
    runtime, done, entered = office.desk.runtime, threading.Event(), threading.Event()

    def publish(transaction):
        publish_message(runtime, transaction, SYSTEM, name="receipt", key="A1", life=HOUR)

    def begin(transaction):
        given = {"process": "waiting", "region": HILL, "values": {"order_no": "A1"}, "channel": "web"}
        cases.append(start_case(runtime, transaction, office.clerk, **given).key)

    def slowly(transaction):
        (publish if first == "publishes" else begin)(transaction)
        entered.set()
        # Until the other is through, or stands in line for what this transaction holds.
        done.wait(0.5)

    def at_the_same_time():
        entered.wait(10)
        runtime.attempt(begin if first == "publishes" else publish)
        done.set()

    at_once(2, lambda number: runtime.attempt(slowly) if number else at_the_same_time())
    office.desk.run_due()
    assert _at_receipt(office, cases) == [1]
    assert _left(office) == [0, 0, 0]


def test_more_messages_than_cases_leave_the_rest_waiting_for_who_comes(office):
    cases = [_start(office, "A1") for _ in range(5)]
    at_once(CROWD, lambda number: _publish(office, "A1", life=HOUR))
    office.desk.run_due()
    assert _at_receipt(office, cases) == [1] * 5
    assert _left(office) == [0, CROWD - 5, 0]
    later: list[object] = at_once(CROWD - 5, lambda _: _start(office, "A1"))
    office.desk.run_due()
    assert _at_receipt(office, later) == [1] * (CROWD - 5)
    assert _left(office) == [0, 0, 0]


def test_one_message_sent_many_times_at_once_is_one_message(office):
    cases = [_start(office, "A1"), _start(office, "A1")]
    answers = at_once(CROWD, lambda _: _publish(office, "A1", message_id="m-1", life=HOUR))
    assert sorted(answer.repeated for answer in answers) == [False] + [True] * (CROWD - 1)
    assert _at_receipt(office, cases) == [1, 0]
    assert {answer.case for answer in answers} == {cases[0]}


def test_a_signal_is_heard_once_by_each_who_waited_while_others_begin_to_wait(office, kit):
    declared = '<signal id="s" name="storm" /><signal id="go" name="go" />'
    event = '<signalEventDefinition signalRef="go" />'
    put(office.desk, kit.library, "listener", drawn("listener", declared, event, after=CATCH))
    for _ in range(CROWD):
        office.desk.do(broadcast_signal, SYSTEM, name="go", region=HILL)

    def act(number: int) -> None:
        office.desk.do(broadcast_signal, SYSTEM, name="go" if number % 4 else "storm", region=HILL)

    at_once(CROWD, act)
    office.desk.run_due()
    heard = at_look(office.desk)
    assert len(heard) == len(set(heard)) >= CROWD
    office.desk.do(broadcast_signal, SYSTEM, name="storm")
    office.desk.run_due()
    heard = at_look(office.desk)
    assert len(heard) == len(set(heard)) == CROWD + CROWD * 3 // 4
    assert _left(office) == [0, 0, 0]


def test_nodes_that_compete_deliver_and_fire_everything_once(office, kit, databases, runtime, clock, monkeypatch):
    monkeypatch.setattr("engine.commands.spread_signal.MOST_AT_ONCE", 0)
    declared = '<signal id="s" name="storm" /><signal id="go" name="go" />'
    event = '<signalEventDefinition signalRef="go" />'
    put(office.desk, kit.library, "listener", drawn("listener", declared, event, after=CATCH))
    many = 24
    for number in range(many):
        office.desk.do(broadcast_signal, SYSTEM, name="go", region=HILL)
        if number % 3 == 0:
            office.recorded()
    office.desk.run_due()
    clock.advance(timedelta(days=19))
    office.desk.do(broadcast_signal, SYSTEM, name="storm")
    fired = _fired(office)
    nodes = [runtime.on(Database(runtime.database.url, clock), FixedClock(clock.now())) for _ in range(3)]
    ran = at_once(3, lambda number: run_in_order(nodes[number]))
    for node in nodes:
        node.database.dispose()
    assert sum(ran) == many + fired
    assert len(at_look(office.desk)) == many
    assert _left(office) == [0, 0, 0]


def test_the_last_two_receivers_of_a_signal_at_the_same_moment_leave_nothing_of_it(office, kit, runtime, monkeypatch):
    declared = '<signal id="s" name="storm" /><signal id="go" name="go" />'
    event = '<signalEventDefinition signalRef="go" />'
    put(office.desk, kit.library, "listener", drawn("listener", declared, event, after=CATCH))
    for _ in range(2):
        office.desk.do(broadcast_signal, SYSTEM, name="go", region=HILL)
    office.desk.run_due()
    both, is_last = threading.Barrier(2), deliveries.is_last

    def when_the_other_is_there_too(transaction, signal):
        with suppress(threading.BrokenBarrierError):
            both.wait(0.5)
        return is_last(transaction, signal)

    monkeypatch.setattr("engine.commands.spread_signal.MOST_AT_ONCE", 0)
    office.desk.do(broadcast_signal, SYSTEM, name="storm")
    monkeypatch.setattr(deliveries, "is_last", when_the_other_is_there_too)
    at_once(2, lambda _: runtime.attempt(partial(deliver, runtime)))
    assert len(at_look(office.desk)) == 2
    assert _left(office) == [0, 0, 0]


def _fired(office):
    with office.desk.runtime.read() as transaction:
        due = sa.select(sa.func.count()).where(t.job.c.kind == "timer", t.job.c.status == "waiting")
        return transaction.execute(due.where(t.job.c.due_at <= transaction.now)).scalar_one()


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_what_a_step_throws_stands_and_falls_with_it(office, kit, kind):
    sender, receivers = _sender(office, kit, kind)
    [task] = office.desk.tasks(sender)

    def step(transaction):
        return complete_task(
            office.desk.runtime, transaction, office.clerk, task=task.key, revision=task.revision, values={}
        )

    before = _left(office)
    with pytest.raises(_Broken):
        office.desk.runtime.attempt(lambda transaction: _break_after(step, transaction))
    office.desk.run_due()
    assert _left(office) == before
    assert _gone_on(office, receivers) == 0
    office.desk.runtime.attempt(step)
    office.desk.run_due()
    assert _gone_on(office, receivers) == len(receivers)


class _Broken(Exception):
    """What ends a transaction after its step."""


def _break_after(step, transaction):
    step(transaction)
    raise _Broken


def _sender(office, kit, kind):
    """Return a case whose next step throws, and the cases that wait for what it throws."""
    key = '<extensionElements><zeebe:subscription correlationKey="=&quot;A1&quot;" /></extensionElements>'
    declared = (
        f'<signal id="go" name="go" /><message id="m" name="receipt">{key}</message><signal id="s" name="storm" />'
    )
    event = f'<{kind}EventDefinition {kind}Ref="{kind[0]}" />'
    go = '<signalEventDefinition signalRef="go" />'
    content = drawn("sender", declared, go, after=THROW.format(event=event))
    content = content.replace(b'sourceRef="middle" targetRef="look"', b'sourceRef="throw" targetRef="look"')
    put(office.desk, kit.library, "sender", content)
    if kind == "signal":
        heard = '<signal id="s" name="storm" /><signal id="wait" name="wait" />'
        wait = '<signalEventDefinition signalRef="wait" />'
        put(office.desk, kit.library, "listener", drawn("listener", heard, wait, after=CATCH))
        for _ in range(2):
            office.desk.do(broadcast_signal, SYSTEM, name="wait", region=HILL)
    cases = {row.case for row in _open(office)}
    office.desk.do(broadcast_signal, SYSTEM, name="go", region=HILL)
    [sender] = {row.case for row in _open(office)} - cases
    return sender, [_start(office, "A1")] if kind == "message" else [0, 0]


def _open(office):
    with office.desk.runtime.read() as transaction:
        return transaction.execute(sa.select(t.user_task.c.case).where(t.user_task.c.status == "open")).all()


def _gone_on(office, receivers):
    if receivers == [0, 0]:
        with office.desk.runtime.read() as transaction:
            query = sa.select(sa.func.count()).where(
                t.user_task.c.element == "look", t.user_task.c.process == "listener"
            )
            return transaction.execute(query).scalar_one()
    return sum(_at_receipt(office, receivers))


def test_messages_between_two_cases_that_throw_at_each_other_at_once_arrive(office):
    dice = Random(7)
    keys = [f"K{number}" for number in range(8)]
    cases: list[int] = []

    def act(number: int) -> None:
        mine = keys[:]
        dice.shuffle(mine)
        for key in mine[:4]:
            if number % 2:
                cases.append(_start(office, key))
            else:
                _publish(office, key, life=HOUR)

    at_once(CROWD, act)
    office.desk.run_due()
    waiting, kept, deliveries = _left(office)
    assert deliveries == 0
    assert sum(_at_receipt(office, cases)) == len(cases) - waiting == CROWD // 2 * 4 - kept
    assert _unmatched(office) == []


def _unmatched(office):
    """Return the keys for which somebody waits although a message is there."""
    with office.desk.runtime.read() as transaction:
        together = t.subscription.join(t.message, t.message.c.correlation == t.subscription.c.correlation)
        return transaction.execute(sa.select(t.message.c.name).select_from(together)).all()
