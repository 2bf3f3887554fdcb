from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.broadcast_signal import broadcast_signal
from engine.commands.publish_message import publish_message
from engine.commands.resolve_incident import resolve_incident
from engine.errors import Forbidden, Invalid
from engine.model import SYSTEM
from engine.store import tables as t
from engine.testing.places import HILL, LAKE, NORTH, PORT, SOUTH
from tests.engine.commands.drawn import at_look, by_message, drawn, put

HOUR = timedelta(hours=1)


def _publish(office, key="A1", actor=SYSTEM, name="receipt", **given):
    return office.desk.do(publish_message, actor, name=name, key=key, **given)


def _start(office, number="A1", region=HILL):
    return office.desk.start(office.clerk, "waiting", region, order_no=number).key


def _where(office, case):
    return [row.element for row in office.desk.tasks(case)]


def _kept(office):
    with office.desk.runtime.read() as transaction:
        return list(transaction.execute(sa.select(t.message.c.status).order_by(t.message.c.key)).scalars())


def test_a_message_waits_until_a_case_waits_for_it(office):
    published = _publish(office, values={"stamp": "ok"})
    assert (published.case, _kept(office)) == (None, ["buffered"])
    assert _where(office, _start(office, "B2")) == []
    assert _where(office, _start(office)) == ["file_receipt"]
    assert _kept(office) == []


def test_each_message_has_one_receiver_in_the_order_of_both(office):
    first, second = _start(office), _start(office)
    assert [_publish(office).case for _ in range(3)] == [first, second, None]
    third = _start(office)
    assert _where(office, third) == ["file_receipt"]
    assert _where(office, _start(office)) == []


def test_a_message_without_a_life_does_not_wait(office):
    assert _publish(office, life=timedelta()).message is None
    assert _where(office, _start(office)) == []
    assert _kept(office) == []


def test_a_message_lives_as_long_as_its_publisher_says(office, clock):
    _publish(office, life=2 * HOUR)
    clock.advance(2 * HOUR - timedelta(seconds=1))
    assert _where(office, _start(office)) == ["file_receipt"]
    _publish(office, life=2 * HOUR)
    clock.advance(2 * HOUR)
    assert _where(office, _start(office)) == []
    assert office.desk.run_due() == 1
    assert _kept(office) == ["expired"]


def test_a_message_id_counts_once_while_the_message_lives(office, clock):
    case = _start(office)
    first = _publish(office, message_id="m-1", life=HOUR)
    again = _publish(office, message_id="m-1", life=HOUR)
    assert (first.case, again.case, again.repeated) == (case, case, True)
    other_key = _publish(office, "B2", message_id="m-1", life=HOUR)
    assert not other_key.repeated
    clock.advance(HOUR)
    office.desk.run_due()
    late = _publish(office, message_id="m-1", life=HOUR)
    assert (late.repeated, late.case) == (False, None)


def test_only_operations_of_the_area_send_by_hand(office, staff):
    case = _start(office)
    with pytest.raises(Forbidden):
        _publish(office, actor=office.clerk)
    with pytest.raises(Forbidden):
        _publish(office, actor=staff.person("operations", SOUTH))
    assert _where(office, case) == []
    assert _publish(office, actor=office.operations).case == case


@pytest.mark.parametrize("given", [{"life": timedelta(days=400)}, {"life": -HOUR}, {"name": " "}, {"region": "999"}])
def test_what_cannot_be_published_is_refused(office, given):
    with pytest.raises(Invalid):
        _publish(office, **given)
    assert _kept(office) == []


def test_a_message_starts_a_case_in_the_place_it_names(office, kit):
    put(office.desk, kit.library, "pickup", by_message("pickup", "ordered"))
    with pytest.raises(Invalid):
        _publish(office, "", name="ordered")
    started = _publish(office, "", name="ordered", values={"region": LAKE, "weight": 3})
    assert _where(office, started.case) == ["look"]
    another = _publish(office, "", name="ordered", region=HILL)
    assert another.case not in (None, started.case)


def test_a_message_with_a_key_starts_one_case_at_a_time(office, kit):
    put(office.desk, kit.library, "pickup", by_message("pickup", "ordered", "order_no"))
    first = _publish(office, "A1", name="ordered", region=HILL)
    second = _publish(office, "A1", name="ordered", region=HILL)
    other = _publish(office, "B2", name="ordered", region=HILL)
    assert (bool(first.case), second.case, bool(other.case)) == (True, None, True)
    office.desk.complete(office.clerk, first.case, "look")
    assert len(set(at_look(office.desk)) - {first.case, other.case}) == 1
    assert _kept(office) == []


def test_a_message_published_before_its_process_is_deployed_starts_the_case_then(office, kit):
    assert _publish(office, "", name="ordered", region=HILL).case is None
    put(office.desk, kit.library, "pickup", by_message("pickup", "ordered"))
    office.desk.run_due()
    assert len(at_look(office.desk)) == 1


def test_the_newest_version_alone_is_started(office, kit):
    put(office.desk, kit.library, "pickup", by_message("pickup", "ordered"))
    put(office.desk, kit.library, "pickup", by_message("pickup", "ordered again"))
    assert _publish(office, "", name="ordered", region=HILL).case is None
    assert _publish(office, "", name="ordered again", region=HILL).case is not None


def test_a_thrown_message_nobody_takes_becomes_an_incident_whose_retry_lets_it_wait_again(office, kit, clock):
    declared = (
        '<message id="m" name="receipt"><extensionElements><zeebe:subscription correlationKey="=&quot;A1&quot;" />'
        '</extensionElements></message><message id="go" name="go" />'
    )
    thrown = '<intermediateThrowEvent id="middle" name="发出"><messageEventDefinition messageRef="m" /></intermediateThrowEvent>'
    put(
        office.desk,
        kit.library,
        "sender",
        drawn("sender", declared, '<messageEventDefinition messageRef="go" />', after=thrown),
    )
    _publish(office, "", name="go", region=HILL)
    clock.advance(HOUR)
    office.desk.run_due()
    with office.desk.runtime.read() as transaction:
        incident = transaction.execute(sa.select(t.incident.c.key, t.incident.c.element)).one()
    assert incident.element == "middle"
    office.desk.do(resolve_incident, office.operations, incident=incident.key, reason="收件流程已上线")
    assert _kept(office) == ["buffered"]
    assert _where(office, _start(office)) == ["file_receipt"]
    assert _kept(office) == []


def test_a_role_that_sends_reaches_its_own_area_and_may_do_nothing_else(office, staff):
    case = _start(office)
    messenger = staff.person("messenger", NORTH)
    with pytest.raises(Forbidden):
        _publish(office, actor=staff.person("messenger", SOUTH))
    assert _publish(office, actor=messenger).case == case
    with pytest.raises(Forbidden):
        office.desk.start(messenger, "waiting", HILL, order_no="A1")


def test_a_message_that_waits_is_taken_by_the_area_of_its_sender_alone(office, staff):
    south, north = staff.person("messenger", SOUTH), staff.person("messenger", NORTH)
    _publish(office, actor=south)
    first = _start(office)
    assert (_where(office, first), _kept(office)) == ([], ["buffered"])
    _publish(office, actor=north)
    assert (_where(office, first), _kept(office)) == (["file_receipt"], ["buffered"])
    _publish(office, actor=north, life=HOUR)
    assert _where(office, _start(office)) == ["file_receipt"]
    elsewhere = office.desk.start(staff.person("clerk", PORT), "waiting", PORT, order_no="A1").key
    assert (_where(office, elsewhere), _kept(office)) == (["file_receipt"], [])


def test_a_message_finds_who_waits_in_its_own_area_behind_somebody_elsewhere(office, staff):
    elsewhere = office.desk.start(staff.person("clerk", PORT), "waiting", PORT, order_no="A1").key
    here = _start(office)
    assert _publish(office, actor=staff.person("messenger", NORTH)).case == here
    assert _where(office, elsewhere) == []


def test_cases_begin_in_the_area_of_who_sends_also_when_the_process_comes_later(office, kit, staff):
    messenger = staff.person("messenger", NORTH)
    _publish(office, "", actor=messenger, name="ordered", values={"region": PORT})
    put(office.desk, kit.library, "pickup", by_message("pickup", "ordered"))
    office.desk.run_due()
    assert at_look(office.desk) == []
    with office.desk.runtime.read() as transaction:
        incident = transaction.execute(sa.select(t.incident.c.process, t.incident.c.message_en)).one()
    assert incident.process == "pickup"
    assert "own area" in incident.message_en
    with pytest.raises(Forbidden):
        _publish(office, "", actor=messenger, name="ordered", values={"region": PORT})
    assert _publish(office, "", actor=messenger, name="ordered", values={"region": HILL}).case is not None


@pytest.mark.parametrize("receiver", ["", "optional"])
def test_what_a_case_throws_in_vain_is_an_incident_unless_its_receiver_is_optional(office, kit, clock, receiver):
    facts = f'<zeebe:properties><zeebe:property name="receiver" value="{receiver}" /></zeebe:properties>'
    key = '<extensionElements><zeebe:subscription correlationKey="=&quot;A1&quot;" /></extensionElements>'
    declared = f'<signal id="go" name="go" /><message id="m" name="receipt">{key}</message>'
    throw = f"""<intermediateThrowEvent id="middle" name="发出"><extensionElements>{facts if receiver else ""}
        </extensionElements><messageEventDefinition messageRef="m" /></intermediateThrowEvent>"""
    go = '<signalEventDefinition signalRef="go" />'
    put(office.desk, kit.library, "sender", drawn("sender", declared, go, after=throw))
    office.desk.do(broadcast_signal, SYSTEM, name="go", region=HILL)
    assert _kept(office) == ["buffered"]
    clock.advance(office.desk.runtime.settings.message_life)
    office.desk.run_due()
    assert _kept(office) == ["expired" if receiver else "incident"]


def test_what_a_case_throws_waits_as_long_as_its_event_says(office, kit, clock):
    facts = '<zeebe:properties><zeebe:property name="life" value="P90D" /></zeebe:properties>'
    key = '<extensionElements><zeebe:subscription correlationKey="=&quot;A1&quot;" /></extensionElements>'
    declared = f'<signal id="go" name="go" /><message id="m" name="receipt">{key}</message>'
    throw = f"""<intermediateThrowEvent id="middle" name="发出"><extensionElements>{facts}</extensionElements>
        <messageEventDefinition messageRef="m" /></intermediateThrowEvent>"""
    put(office.desk, kit.library, "sender", drawn("sender", declared, '<signalEventDefinition signalRef="go" />', after=throw))
    office.desk.do(broadcast_signal, SYSTEM, name="go", region=HILL)
    clock.advance(timedelta(days=89))
    office.desk.run_due()
    assert _kept(office) == ["buffered"]
    clock.advance(timedelta(days=1))
    office.desk.run_due()
    assert _kept(office) == ["incident"]
