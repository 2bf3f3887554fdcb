"""Cases that set each other off in a circle are stopped, and somebody is told, instead of filling the database."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.broadcast_signal import broadcast_signal
from engine.commands.publish_message import publish_message
from engine.commands.resolve_incident import resolve_incident
from engine.model import SYSTEM
from engine.store import tables as t
from engine.testing.places import HILL
from tests.engine.commands.drawn import at_look, by_signal, drawn, put

MOST = 7
THROWN = '<intermediateThrowEvent id="middle" name="发出">{}</intermediateThrowEvent>'
LATER = (
    '<intermediateCatchEvent id="wait"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">{}'
    "</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    '<sequenceFlow id="wait_to_middle" sourceRef="wait" targetRef="middle" />'
)


@pytest.fixture(autouse=True)
def few_hops(runtime):
    runtime.settings = replace(runtime.settings, most_hops=MOST)


def _answering(process, hears, says):
    declared = f'<message id="m" name="{hears}" /><message id="n" name="{says}" />'
    event = '<messageEventDefinition messageRef="m" />'
    return drawn(process, declared, event, after=THROWN.format('<messageEventDefinition messageRef="n" />'))


@pytest.fixture
def circle(office, kit):
    put(office.desk, kit.library, "ping", _answering("ping", "to ping", "to pong"))
    put(office.desk, kit.library, "pong", _answering("pong", "to pong", "to ping"))


def _open(office):
    with office.desk.runtime.read() as transaction:
        return transaction.execute(sa.select(t.incident).where(t.incident.c.resolved_at.is_(None))).all()


def _run_all(office):
    while office.desk.run_due():
        pass


def test_messages_in_a_circle_stop_as_an_incident_of_the_last_sender(office, circle):
    office.desk.do(publish_message, SYSTEM, name="to ping", region=HILL)
    _run_all(office)
    cases = at_look(office.desk)
    assert len(cases) == MOST + 1
    [incident] = _open(office)
    assert (incident.case, incident.element, incident.kind) == (cases[-1], "middle", "message")
    assert "go on and on" in incident.message_en


def test_a_retry_lets_the_circle_go_on_for_as_long_again(office, circle):
    office.desk.do(publish_message, SYSTEM, name="to ping", region=HILL)
    _run_all(office)
    office.desk.do(resolve_incident, office.operations, incident=_open(office)[0].key, reason="再看一轮")
    _run_all(office)
    assert len(at_look(office.desk)) == 2 * (MOST + 1)
    assert len(_open(office)) == 1


def test_signals_in_a_circle_stop_and_a_retry_is_heard_by_whoever_waits_then(office, kit):
    says = '<signal id="n" name="{}" />'
    for process, hears, other in (("ping", "dark", "light"), ("pong", "light", "dark")):
        after = THROWN.format('<signalEventDefinition signalRef="n" />')
        content = by_signal(process, hears, after=after).replace(b"<process", says.format(other).encode() + b"<process")
        put(office.desk, kit.library, process, content)
    office.desk.do(broadcast_signal, SYSTEM, name="dark", region=HILL)
    _run_all(office)
    assert len(at_look(office.desk)) == MOST + 1
    [incident] = _open(office)
    assert (incident.element, incident.kind) == ("middle", "signal")
    office.desk.do(resolve_incident, office.operations, incident=incident.key, reason="再看一轮")
    _run_all(office)
    assert len(at_look(office.desk)) == 2 * (MOST + 1)


def test_two_cases_that_answer_each_other_in_loops_stop_although_none_begins(office, kit):
    loop = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="{0}_file" targetNamespace="http://example.org/parcels">
  <message id="go" name="go {0}" />
  <message id="m" name="{0}"><extensionElements><zeebe:subscription correlationKey="=&quot;1&quot;" /></extensionElements></message>
  <message id="n" name="{1}"><extensionElements><zeebe:subscription correlationKey="=&quot;1&quot;" /></extensionElements></message>
  <process id="{0}" name="{0}" isExecutable="true">
    <startEvent id="start"><messageEventDefinition messageRef="go" /></startEvent>
    <exclusiveGateway id="again" />
    <intermediateCatchEvent id="hear"><messageEventDefinition messageRef="m" /></intermediateCatchEvent>
    <intermediateThrowEvent id="say"><messageEventDefinition messageRef="n" /></intermediateThrowEvent>
    <sequenceFlow id="f1" sourceRef="start" targetRef="again" /><sequenceFlow id="f2" sourceRef="again" targetRef="hear" />
    <sequenceFlow id="f3" sourceRef="hear" targetRef="say" /><sequenceFlow id="f4" sourceRef="say" targetRef="again" />
  </process>
</definitions>"""
    for process, other in (("ping", "pong"), ("pong", "ping")):
        put(office.desk, kit.library, process, loop.format(process, other).encode())
        office.desk.do(publish_message, SYSTEM, name=f"go {process}", region=HILL)
    office.desk.do(publish_message, SYSTEM, name="ping", key="1")
    _run_all(office)
    [incident] = _open(office)
    assert incident.element == "say"
    with office.desk.runtime.read() as transaction:
        heard = sa.select(sa.func.count()).where(t.activity.c.element == "hear", t.activity.c.left_at.is_not(None))
        assert transaction.execute(heard).scalar_one() == MOST + 1


@pytest.mark.parametrize(("pause", "stops"), [(timedelta(minutes=10), True), (timedelta(hours=2), False)])
def test_what_takes_its_time_is_no_circle(office, kit, clock, pause, stops):
    minutes = f"PT{int(pause.total_seconds() // 60)}M"
    declared = '<message id="m" name="daily" />'
    event = '<messageEventDefinition messageRef="m" />'
    after = LATER.format(minutes) + THROWN.format(event)
    content = drawn("daily", declared, event, after=after)
    content = content.replace(b'id="start_to_middle" sourceRef="start" targetRef="middle"', b'id="in" sourceRef="start" targetRef="wait"')
    put(office.desk, kit.library, "daily", content)
    office.desk.do(publish_message, SYSTEM, name="daily", region=HILL)
    for _ in range(2 * MOST):
        clock.advance(pause)
        _run_all(office)
    assert bool(_open(office)) == stops
    assert len(at_look(office.desk)) == (MOST + 1 if stops else 2 * MOST)
