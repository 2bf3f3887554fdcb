from pathlib import Path

import pytest

from engine.diagram import Diagram, DiagramError, read
from engine.diagram.tree import Event, Loop, Node, VariableMapping
from engine.errors import Text
from engine.model import Role

FILES = Path(__file__).parent / "files"
ROLES = {"township_operator": Role("township_operator", Text("乡镇经办", "Township operator"), "township")}
BPMN = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'


def modeler() -> Diagram:
    return read((FILES / "modeler.bpmn").read_bytes(), "visit.bpmn", ROLES)


@pytest.fixture(name="nodes")
def _nodes() -> dict[str, Node]:
    return {node.id: node for node in modeler().nodes()}


def test_a_file_of_camunda_modeler_is_read_with_its_drawing() -> None:
    diagram = modeler()
    assert (diagram.executable.id, diagram.executable.name) == ("visit", "入户调查")
    assert diagram.drawn == {"Start", "Flow_1"}
    assert diagram.executable.properties == {"summary": "amount, persons"}
    assert diagram.called() == ("publicity",)


def test_a_file_of_bpmn_io_is_read_although_nothing_in_it_is_executable() -> None:
    diagram = read((FILES / "bpmn_io.bpmn").read_bytes(), "sketch.bpmn")
    assert not diagram.executable.executable
    assert list(diagram.executable.scope.nodes) == ["StartEvent_1", "Task_1"]


def test_a_user_task_carries_its_people_dates_and_facts(nodes: dict[str, Node]) -> None:
    task = nodes["Visit"]
    assert (task.form, task.assignee, task.groups, task.users) == ("f02", "=visitor", (), ("zhang", "li"))
    assert task.due == "=workdays after(today(), policy.visit.days)"
    assert (task.follow_up, task.priority, task.native_user_task) == ("2026-10-10T09:00:00+08:00", "80", True)
    assert task.properties["stage"] == "调查"
    assert task.listed("document") == ("visit_record", "notice")


def test_a_line_break_in_a_name_becomes_a_space_between_latin_letters_alone(nodes: dict[str, Node]) -> None:
    assert nodes["Visit"].name == "Visit the home"


def test_events_carry_what_they_wait_for(nodes: dict[str, Node]) -> None:
    assert nodes["Remind"].event == Event("timer", timer_kind="cycle", expression="R3/P1D")
    assert not nodes["Remind"].interrupting
    assert nodes["Objection"].event == Event("message", "objection", correlation="=case.number")
    assert nodes["Objection"].attached_to == "Visit"
    assert nodes["Failed"].event == Event("error", "BAD_ACCOUNT")
    assert nodes["End"].event == Event("none", definitions=0)


def test_a_service_task_carries_type_headers_and_mappings(nodes: dict[str, Node]) -> None:
    task = nodes["Check"]
    assert (task.job_type, task.retries, dict(task.headers)) == ("bank_transfer", "3", {"fund": "reserve"})
    assert task.inputs == (VariableMapping("=amount", "sum"),)
    assert task.outputs == (VariableMapping("=paid", "done"),)


def test_conditions_and_default_flows_are_kept_as_drawn() -> None:
    flows = {flow.id: flow for flow in modeler().executable.flows()}
    assert (flows["Flow_4"].condition, flows["Flow_4"].default) == ("=done and sum > 3", False)
    assert (flows["Flow_5"].condition, flows["Flow_5"].default) == (None, True)


def test_sub_processes_keep_their_own_scope_and_loop(nodes: dict[str, Node]) -> None:
    each = nodes["Each"]
    assert each.loop == Loop("sequential", "=members", "member", "results", "=result", "=enough")
    assert each.scope is not None
    assert list(each.scope.nodes) == ["InnerStart", "Ask"]
    assert each.scope.nodes["Ask"].incoming == ("Flow_7",)


def test_called_processes_decisions_and_scripts_are_resolved(nodes: dict[str, Node]) -> None:
    assert (nodes["Call"].called_process, nodes["Call"].propagate_all) == ("publicity", False)
    assert (nodes["Rule"].decision, nodes["Rule"].result) == ("d11", "track")
    assert (nodes["Compute"].script, nodes["Compute"].result) == ("=sum * 2", "twice")


def test_lanes_give_roles_by_chinese_name_or_property_also_inside_sub_processes(nodes: dict[str, Node]) -> None:
    assert nodes["Visit"].role == "township_operator"
    assert nodes["Check"].role == "county_operator"
    assert nodes["Ask"].role == "township_operator"
    assert nodes["Rule"].role is None


def test_candidate_groups_come_before_the_lane() -> None:
    data = (FILES / "modeler.bpmn").read_text("utf-8").replace('candidateUsers="zhang, li"', 'candidateGroups="a, b"')
    node = read(data.encode(), "visit.bpmn", ROLES).executable.scope.nodes["Visit"]
    assert (node.groups, node.role) == (("a", "b"), "a")


def test_every_id_knows_its_line_and_column() -> None:
    diagram = modeler()
    text = (FILES / "modeler.bpmn").read_text("utf-8").splitlines()
    for name in ("Visit", "Flow_4", "InnerStart", "Message_1", "Lane_2"):
        place = diagram.positions[name]
        line = text[place.line - 1][place.column - 1 :]
        assert line.startswith("<")
        assert f'id="{name}"' in line


def test_what_is_not_known_here_is_kept_by_name() -> None:
    data = f"""<definitions {BPMN} xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
      xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"><process id="p" isExecutable="true">
      <serviceTask id="a" camunda:class="os.System"/>
      <scriptTask id="b" scriptFormat="python"><script>import os</script></scriptTask>
      <subProcess id="c"><extensionElements><zeebe:executionListeners/></extensionElements>
        <complexGateway id="d"/></subProcess>
      <userTask id="e"><potentialOwner/></userTask></process></definitions>"""
    nodes = {node.id: node for node in read(data.encode(), "p.bpmn").nodes()}
    assert nodes["a"].foreign == ("camunda:class",)
    assert nodes["b"].foreign == ("bpmn:scriptFormat", "bpmn:script")
    assert nodes["c"].foreign == ("zeebe:executionListeners",)
    assert nodes["d"].kind == "complexGateway"
    assert nodes["e"].foreign == ("bpmn:potentialOwner",)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ("<svg/>", "not-bpmn"),
        (f"<definitions {BPMN}/>", "not-bpmn"),
        (f"<definitions {BPMN}><process isExecutable='true'/></definitions>", "missing-id"),
        (f"<definitions {BPMN}><process id='p'><task/></process></definitions>", "missing-id"),
        (f"<definitions {BPMN}><process id='p'><task id='a'/><task id='a'/></process></definitions>", "duplicate-id"),
    ],
)
def test_a_file_without_what_reading_needs_is_refused(data: str, rule: str) -> None:
    with pytest.raises(DiagramError) as refused:
        read(data.encode(), "p.bpmn")
    assert [finding.rule for finding in refused.value.findings] == [rule]
    assert refused.value.findings[0].file == "p.bpmn"


def test_a_chain_of_five_thousand_tasks_and_ninety_nested_sub_processes_are_read() -> None:
    chain = "".join(
        f"<task id='t{n}'/><sequenceFlow id='f{n}' sourceRef='t{n}' targetRef='t{n + 1}'/>" for n in range(5000)
    )
    nested = "".join(f"<subProcess id='s{n}'>" for n in range(90)) + "</subProcess>" * 90
    data = f"<definitions {BPMN}><process id='p' isExecutable='true'>{chain}{nested}</process></definitions>"
    assert sum(1 for _ in read(data.encode(), "p.bpmn").nodes()) == 5090


def test_a_diagram_with_too_many_nodes_is_refused() -> None:
    tasks = "".join(f"<task id='t{n}'/>" for n in range(10_001))
    with pytest.raises(DiagramError, match="at most 10000 nodes"):
        read(f"<definitions {BPMN}><process id='p'>{tasks}</process></definitions>".encode(), "p.bpmn")
