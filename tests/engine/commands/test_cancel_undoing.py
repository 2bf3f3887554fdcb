"""A case cancelled with everything it has completed undone: seen as being undone, failures are incidents, then it ends."""

from __future__ import annotations

import pytest

from engine.commands.cancel_case import cancel_case
from engine.commands.propose_modification import propose_modification
from engine.commands.resolve_incident import resolve_incident
from engine.commands.settle_job import as_fault, settle_job
from engine.errors import Conflict
from engine.model import Modification, TokenStart
from engine.queries.case import case_page
from engine.queries.incidents import incidents
from engine.queries.trail import trail
from engine.queries.waiting import pending_services
from engine.store import cases
from engine.testing.places import HILL
from tests.engine.commands.drawn import put

_OFFER = (
    "<extensionElements><zeebe:userTask /><zeebe:assignmentDefinition "
    'candidateGroups="clerk" /></extensionElements>'
)
ORDER = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="order_file" targetNamespace="http://example.org/parcels">
  <process id="waiting" name="订货" isExecutable="true">
    <startEvent id="start" name="开始" />
    <userTask id="reserve" name="留货">{_OFFER}</userTask>
    <boundaryEvent id="undo_reserve" attachedToRef="reserve"><compensateEventDefinition /></boundaryEvent>
    <userTask id="release" name="放货" isForCompensation="true">{_OFFER}</userTask>
    <userTask id="pay" name="收款">{_OFFER}</userTask>
    <boundaryEvent id="undo_pay" attachedToRef="pay"><compensateEventDefinition /></boundaryEvent>
    <serviceTask id="refund" name="退款" isForCompensation="true"><extensionElements><zeebe:taskDefinition
      type="courier.send" /><zeebe:ioMapping><zeebe:input source="=&quot;张三&quot;" target="to" /></zeebe:ioMapping>
      </extensionElements></serviceTask>
    <userTask id="pack" name="装箱">{_OFFER}</userTask>
    <endEvent id="end" name="完成" />
    <association id="a1" sourceRef="undo_reserve" targetRef="release" />
    <association id="a2" sourceRef="undo_pay" targetRef="refund" />
    <sequenceFlow id="f1" sourceRef="start" targetRef="reserve" />
    <sequenceFlow id="f2" sourceRef="reserve" targetRef="pay" />
    <sequenceFlow id="f3" sourceRef="pay" targetRef="pack" />
    <sequenceFlow id="f4" sourceRef="pack" targetRef="end" />
  </process>
</definitions>""".encode()


@pytest.fixture
def packing(office, kit):
    """A case whose goods are reserved and paid, to be packed."""
    put(office.desk, kit.library, "waiting", ORDER)
    case = office.desk.start(office.clerk, "waiting", HILL, order_no="A1").key
    office.desk.complete(office.clerk, case, "reserve")
    office.desk.complete(office.clerk, case, "pay")
    return case


def _cancel(office, case, undo=True):
    office.desk.do(cancel_case, office.operations, case=case, reason="客户退单", undo=undo)


def _page(office, case):
    return office.desk.ask(case_page, office.clerk, case)


def test_the_case_is_open_and_being_undone_until_the_last_step_was_undone(office, packing):
    assert _page(office, packing).undoable == 2
    _cancel(office, packing)
    assert office.desk.tasks(packing) == []
    assert _page(office, packing).summary.undoing_at is not None
    assert office.desk.run_due() == 1
    assert [row.element for row in office.desk.tasks(packing)] == ["release"]
    office.desk.complete(office.clerk, packing, "release")
    summary = _page(office, packing).summary
    assert (summary.status, summary.end_name, summary.undoing_at) == ("cancelled", None, None)


def test_what_cannot_be_undone_is_an_incident_and_goes_on_when_it_is_mended(office, packing):
    _cancel(office, packing)
    with office.desk.runtime.write() as transaction:
        [job] = pending_services(transaction)
        for tries in range(5):
            outcome = as_fault(TimeoutError())
            settle_job(office.desk.runtime, transaction, job=job.key, tries=tries, outcome=outcome)
    [incident] = office.desk.ask(incidents, office.operations).rows
    assert incident.element == "refund"
    assert _page(office, packing).summary.undoing_at is not None
    office.desk.do(resolve_incident, office.operations, incident=incident.key, reason="银行恢复")
    assert office.desk.run_due() == 1
    assert [row.element for row in office.desk.tasks(packing)] == ["release"]


def test_a_case_being_undone_is_not_undone_again_nor_modified_but_can_be_ended(office, packing):
    _cancel(office, packing)
    with pytest.raises(Conflict, match="under way"):
        _cancel(office, packing)
    plan = Modification(starts=(TokenStart("waiting", "pack"),))
    with pytest.raises(Conflict, match="being undone"):
        office.desk.do(propose_modification, office.operations, case=packing, plan=plan, reason="再来")
    _cancel(office, packing, undo=False)
    assert _page(office, packing).summary.status == "cancelled"


def test_without_anything_to_undo_it_ends_at_once(office):
    case = office.approval().key
    _cancel(office, case)
    with office.desk.runtime.read() as transaction:
        row = cases.find(transaction, case)
    assert (row.status, row.undoing_at) == ("cancelled", None)
    assert "cancel_case" in [one.action for one in office.desk.ask(trail, office.clerk, case)]
