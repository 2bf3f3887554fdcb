"""A user task may be offered to several roles and to people by name; nobody gets more than the roles allow."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from engine.commands.assign_task import assign_task
from engine.commands.claim_task import claim_task
from engine.commands.step import Beginning, begin_case
from engine.errors import Conflict, Forbidden, ModelError
from engine.model import SYSTEM, Actor
from engine.queries.search.criteria import Criteria
from engine.queries.search.tasks import search_tasks
from engine.queries.stuck import stuck
from engine.queries.task import task_page
from engine.queries.worklist import worklist
from engine.store.user_tasks import TaskRow
from engine.testing import Desk, Kit, Staff
from engine.testing.places import HILL, LAKE, NORTH
from tests.engine.spiff.drawing import diagram, end, ext, start


def _offered(name: str, **to: str) -> str:
    attributes = " ".join(f'{key}="{value}"' for key, value in to.items())
    drawn = ext(f"<zeebe:userTask/><zeebe:assignmentDefinition {attributes}/>")
    return f'<userTask id="{name}" name="{name}">{drawn}</userTask>'


PROCESSES = {
    "roles": {"candidateGroups": "clerk, lawyer"},
    "named": {"candidateUsers": "anna, gone, far"},
    "from_data": {"candidateUsers": "=chosen", "candidateGroups": "clerk"},
    "given": {"assignee": "=first", "candidateGroups": "clerk"},
    "nobody": {"candidateUsers": "=chosen"},
}
ROLES = "".join(
    f"{name}:\n  zh: {name}\n  en: {name}\n  level: {level}\n  may: [{may}]\n"
    for name, level, may in (
        ("clerk", "township", "work"),
        ("lawyer", "county", "work"),
        ("guest", "township", "watch"),
        ("chief", "city", "reassign, watch"),
    )
)


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    folder = tmp_path_factory.mktemp("offers")
    (folder / "roles.yaml").write_text(ROLES, "utf-8")
    for name, to in PROCESSES.items():
        (folder / name).mkdir()
        drawn = diagram(name, start("s"), _offered("review", **to), end("e"), "s>review>e")
        (folder / name / f"{name}.bpmn").write_bytes(drawn.xml)
    return Kit("offers", folder)


@dataclass
class Bureau:
    """The people of a township, of its county and of another county."""

    desk: Desk
    clerk: Actor
    lawyer: Actor
    anna: Actor
    far: Actor
    chief: Actor

    def task(self, process: str, **values: object) -> TaskRow:
        runtime = self.desk.runtime
        with runtime.write() as transaction:
            beginning = Beginning(runtime.latest(transaction, process), HILL, values, "web")
            case = begin_case(runtime, transaction, SYSTEM, beginning).key
        return self.desk.task(case, "review")

    def listed(self, actor: Actor) -> list[int]:
        return [row.task for row in self.desk.ask(worklist, actor).rows]

    def found(self, actor: Actor) -> list[int]:
        return [line.key for line in self.desk.ask(search_tasks, actor, Criteria()).rows]


@pytest.fixture
def bureau(desk: Desk, staff: Staff) -> Bureau:
    return Bureau(
        desk,
        staff.person("clerk", HILL),
        staff.person("lawyer", NORTH),
        _engaged(staff, "anna", HILL),
        _engaged(staff, "far", LAKE),
        staff.person("chief"),
    )


def _engaged(staff: Staff, login: str, region: str) -> Actor:
    return staff.engage(login, staff.person("guest", region).grants)


def test_each_of_several_roles_finds_the_task_where_it_works(bureau: Bureau, staff: Staff) -> None:
    task = bureau.task("roles")
    for actor in (bureau.clerk, bureau.lawyer):
        assert bureau.listed(actor) == bureau.found(actor) == [task.key]
        assert bureau.desk.ask(task_page, actor, task.key).may_work
    for stranger in (staff.person("clerk", LAKE), bureau.far):
        assert bureau.listed(stranger) == bureau.found(stranger) == []


def test_the_chief_sees_every_role_and_person_that_can_free_the_case(bureau: Bureau) -> None:
    bureau.task("roles")
    bureau.task("named")
    rows = bureau.desk.ask(stuck, bureau.chief).rows
    assert [(row.role_name.zh, set(row.can_free)) for row in rows] == [
        ("clerk、lawyer", {bureau.clerk.name, bureau.lawyer.name}),
        ("指定的人员", {bureau.anna.name}),
    ]


def test_who_claims_has_it_and_the_other_role_is_told(bureau: Bureau) -> None:
    task = bureau.task("roles")
    bureau.desk.do(claim_task, bureau.lawyer, task=task.key)
    assert bureau.listed(bureau.clerk) == []
    with pytest.raises(Conflict, match="lawyer"):
        bureau.desk.do(claim_task, bureau.clerk, task=task.key)
    bureau.desk.complete(bureau.lawyer, task.case, "review")
    assert bureau.listed(bureau.lawyer) == []


def test_a_named_person_has_it_and_a_colleague_of_the_same_role_has_not(bureau: Bureau, staff: Staff) -> None:
    task = bureau.task("named")
    other = staff.person("guest", HILL)
    assert bureau.listed(bureau.anna) == bureau.found(bureau.anna) == [task.key]
    assert bureau.listed(other) == bureau.listed(bureau.clerk) == []
    with pytest.raises(Forbidden):
        bureau.desk.do(claim_task, bureau.clerk, task=task.key)
    bureau.desk.do(claim_task, bureau.anna, task=task.key)
    bureau.desk.complete(bureau.anna, task.case, "review")


def test_a_name_in_the_diagram_opens_no_case_of_another_region(bureau: Bureau) -> None:
    task = bureau.task("named")
    assert str(bureau.far.person) not in task.people.split()
    assert bureau.listed(bureau.far) == []


def test_people_may_come_from_the_data_beside_a_role(bureau: Bureau) -> None:
    task = bureau.task("from_data", chosen=["anna", "far"])
    assert bureau.listed(bureau.anna) == bureau.listed(bureau.clerk) == [task.key]


def test_a_drawn_assignee_holds_the_task_from_the_start(bureau: Bureau) -> None:
    task = bureau.task("given", first="anna")
    assert (task.assignee, task.assignee_name) == (bureau.anna.person, "anna")
    assert bureau.listed(bureau.anna) == [task.key]
    assert bureau.listed(bureau.clerk) == []


def test_it_is_offered_to_the_role_when_the_drawn_assignee_cannot_have_it(bureau: Bureau) -> None:
    task = bureau.task("given", first="gone")
    assert task.assignee is None
    assert bureau.listed(bureau.clerk) == [task.key]


def test_it_can_be_handed_to_a_person_of_any_of_the_roles(bureau: Bureau) -> None:
    task = bureau.task("roles")
    colleagues = {one.name for one in bureau.desk.ask(task_page, bureau.chief, task.key).colleagues}
    assert {bureau.clerk.name, bureau.lawyer.name} <= colleagues
    given = bureau.desk.do(assign_task, bureau.chief, task=task.key, person=bureau.lawyer.person, reason="专业")
    assert given.assignee == bureau.lawyer.person


def test_a_task_for_nobody_is_a_fault_that_names_it(bureau: Bureau) -> None:
    with pytest.raises(ModelError, match="exists and may see the case") as fault:
        bureau.task("nobody", chosen="gone")
    assert fault.value.element == "review"
    assert "更正" in fault.value.message.zh
