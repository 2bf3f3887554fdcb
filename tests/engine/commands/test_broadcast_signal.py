import pytest
import sqlalchemy as sa

from engine.commands.broadcast_signal import broadcast_signal
from engine.commands.resolve_incident import resolve_incident
from engine.errors import Forbidden
from engine.model import SYSTEM
from engine.store import tables as t
from engine.testing.places import HILL, NORTH, PORT, SOUTH
from tests.engine.commands.drawn import at_look, by_signal, drawn, put

CATCH = (
    '<intermediateCatchEvent id="middle" name="等待"><signalEventDefinition signalRef="s" /></intermediateCatchEvent>'
)


@pytest.fixture
def listeners(office, kit):
    declared = '<signal id="s" name="storm" /><signal id="go" name="go" />'
    event = '<signalEventDefinition signalRef="go" />'
    put(office.desk, kit.library, "listener", drawn("listener", declared, event, after=CATCH))
    return lambda many: [_broadcast(office, "go", region=HILL).heard for _ in range(many)]


def _broadcast(office, name="storm", actor=SYSTEM, **given):
    return office.desk.do(broadcast_signal, actor, name=name, **given)


def _open_incident(office):
    with office.desk.runtime.read() as transaction:
        return transaction.execute(sa.select(t.incident).where(t.incident.c.resolved_at.is_(None))).one()


def _looks(office):
    return len(at_look(office.desk))


def test_everybody_who_waits_hears_a_signal_once_and_who_comes_later_does_not(office, listeners):
    assert listeners(3) == [1, 1, 1]
    assert _broadcast(office).heard == 3
    assert _looks(office) == 3
    listeners(1)
    assert _looks(office) == 3


def test_a_signal_for_many_is_heard_by_each_in_a_transaction_of_its_own(office, listeners, monkeypatch):
    monkeypatch.setattr("engine.commands.spread_signal.MOST_AT_ONCE", 2)
    listeners(5)
    told = _broadcast(office)
    assert (told.heard, told.later) == (0, 5)
    assert _looks(office) == 0
    assert office.desk.run_due() == 5
    assert _looks(office) == 5


def test_a_signal_starts_every_process_that_hears_it(office, kit):
    for process in ("alarm", "siren"):
        put(office.desk, kit.library, process, by_signal(process, "storm"))
    assert _broadcast(office, region=HILL).heard == 2
    assert _looks(office) == 2


def test_a_sender_reaches_the_cases_of_the_own_area_alone(office, listeners, staff):
    listeners(1)
    with pytest.raises(Forbidden):
        _broadcast(office, actor=office.clerk)
    assert _broadcast(office, actor=staff.person("operations", SOUTH)).heard == 0
    assert _broadcast(office, actor=staff.person("operations", NORTH)).heard == 1


def test_a_signal_starts_cases_in_the_area_of_its_sender_alone(office, kit, staff):
    put(office.desk, kit.library, "alarm", by_signal("alarm", "storm"))
    messenger = staff.person("messenger", SOUTH)
    with pytest.raises(Forbidden):
        _broadcast(office, actor=messenger, values={"region": HILL})
    assert _looks(office) == 0
    assert _broadcast(office, actor=messenger, values={"region": PORT}).heard == 1


def test_a_receiver_that_cannot_go_on_keeps_nobody_else_from_hearing(office, listeners, kit):
    broken = (
        '<serviceTask id="middle" name="称重"><extensionElements><zeebe:taskDefinition type="scale.weigh" />'
        "</extensionElements></serviceTask>"
    )
    put(office.desk, kit.library, "alarm", by_signal("alarm", "storm", after=broken))
    listeners(2)
    assert _broadcast(office, region=HILL, values={"load": 13}).heard == 2
    assert _looks(office) == 2
    first = _open_incident(office)
    assert (first.element, first.case) == ("middle", None)
    office.desk.do(resolve_incident, office.operations, incident=first.key, reason="再试")
    office.desk.run_due()
    assert _open_incident(office).key != first.key
