"""Running cases are moved to another version when somebody says so: their work stays theirs, and it can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.commands.claim_task import claim_task
from engine.commands.complete_task import complete_task
from engine.commands.correlate_message import correlate_message
from engine.commands.deploy import deploy
from engine.commands.hand_up_tasks import hand_up_tasks
from engine.commands.plan_migration import plan_migration
from engine.commands.publish_message import publish_message
from engine.commands.resume_case import resume_case
from engine.commands.run_migration import run_migration
from engine.commands.save_draft import save_draft
from engine.commands.suspend_case import suspend_case
from engine.commands.undo_migration import undo_migration
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.jobs.migrating import work_off_migrations
from engine.model import SYSTEM
from engine.queries.case import case_page
from engine.queries.migrations import batch_page, plan_page
from engine.queries.task import task_page
from engine.queries.worklist import worklist
from engine.runtime.opening import open_case
from engine.store import cases, definitions
from engine.testing.places import HILL


@pytest.fixture
def publisher(staff):
    return staff.person("publisher")


class Move:
    """Deploys a changed version and moves cases to it."""

    def __init__(self, desk, kit, publisher) -> None:
        self.desk, self.kit, self.publisher = desk, kit, publisher

    def redraw(self, process, *changes, **forms):
        """Deploy the process with pairs of texts replaced; return both versions' keys, the former first."""
        files = dict(self.kit.library.folders[process])
        drawn = files[f"{process}.bpmn"].decode()
        for old, new in changes:
            assert old in drawn, old
            drawn = drawn.replace(old, new)
        files[f"{process}.bpmn"] = drawn.encode()
        files |= {f"{name}.form": data for name, data in forms.items()}
        library = self.kit.library.with_folder(process, files)
        self.desk.do(deploy, self.publisher, bundle=library.bundle(process))
        with self.desk.runtime.read() as transaction:
            new, old, *_ = definitions.versions(transaction, process)
        return old.key, new.key

    def plan(self, process, versions, **given):
        given = {"reason": "改图"} | given
        planned = self.desk.do(
            plan_migration, self.publisher, process=process, source=versions[0], target=versions[1], **given
        )
        self.work_off()
        return planned.key

    def run(self, process, versions, **given):
        """Plan and run; return the batch's key."""
        key = self.plan(process, versions, **given)
        self.desk.do(run_migration, self.publisher, migration=key)
        self.work_off()
        return key

    def undo(self, key):
        self.desk.do(undo_migration, self.publisher, migration=key)
        self.work_off()

    def work_off(self):
        while work_off_migrations(self.desk.runtime, most=2):
            pass

    def page(self, key):
        return self.desk.ask(batch_page, self.publisher, key)

    def counts(self, key):
        return dict(self.page(key).counts)

    def reasons(self, key):
        return [(one.sentence.zh[:12], one.element, one.count) for one in self.page(key).hindrances]


@pytest.fixture
def move(desk, kit, publisher):
    return Move(desk, kit, publisher)


def renamed(*more):
    return (('"decide"', '"approve"'), *more)


def version(desk, case):
    with desk.runtime.read() as transaction:
        row = cases.find(transaction, case)
        return desk.runtime.definition(transaction, row.definition).row.version


def test_a_deployment_moves_no_case(office, move):
    case = office.recorded()
    move.redraw("approval", *renamed())
    assert version(office.desk, case.key) == 1
    assert office.desk.task(case.key, "decide")


def test_a_renamed_element_is_found_by_its_name_and_claim_draft_and_timers_stay(office, move):
    desk, case = office.desk, office.recorded()
    task = desk.task(case.key, "decide")
    desk.do(claim_task, office.supervisor, task=task.key)
    desk.do(save_draft, office.supervisor, task=task.key, values={"verdict": "no"})
    before = {timer.element: timer.due.at for timer in desk.ask(case_page, office.clerk, case.key).timers}
    key = move.run("approval", move.redraw("approval", *renamed()))
    assert move.counts(key) == {"moved": 1}
    assert version(desk, case.key) == 2
    moved = desk.task(case.key, "approve")
    assert (moved.key, moved.assignee, moved.due_at) == (task.key, office.supervisor.person, task.due_at)
    assert desk.ask(task_page, office.supervisor, moved.key).values["verdict"] == "no"
    page = desk.ask(case_page, office.clerk, case.key)
    assert {timer.element: timer.due.at for timer in page.timers} == before
    assert [row.element for row in page.history if row.left_at is None] == ["approve"]
    desk.do(complete_task, office.supervisor, task=moved.key, revision=moved.revision, values={"verdict": "yes"})
    assert desk.run_due() == 1
    assert desk.ask(case_page, office.clerk, case.key).summary.end_name == "已寄出"


def test_a_new_boundary_event_listens_and_one_that_is_gone_does_not(office, move, clock):
    desk, case = office.desk, office.recorded()
    drawn = move.redraw(
        "approval",
        ("=workdays after(today(), policy.approval.remind_wd)", '=now() + duration("P3D")'),
        ('id="remind"', 'id="nudge"'),
        ('name="快到期" attachedToRef="decide"', 'name="该催了" attachedToRef="decide"'),
        ('sourceRef="remind"', 'sourceRef="nudge"'),
    )
    move.run("approval", drawn)
    timers = {timer.element: timer.due.at for timer in desk.ask(case_page, office.clerk, case.key).timers}
    assert timers["nudge"] == clock.now() + timedelta(days=3)
    assert set(timers) == {"nudge", "late"}
    clock.advance(timedelta(days=4))
    assert desk.run_due() == 1
    assert {row.element for row in desk.tasks(case.key)} == {"decide", "hurry"}


def test_a_case_goes_on_as_the_new_diagram_says(office, move):
    desk, case = office.desk, office.approval()
    new_task = (
        '<userTask id="check" name="复核"><extensionElements><zeebe:userTask />'
        '<zeebe:assignmentDefinition candidateGroups="supervisor" /></extensionElements></userTask>'
        '<sequenceFlow id="check_to_decide" sourceRef="check" targetRef="decide" />'
    )
    drawn = move.redraw(
        "approval",
        ('sourceRef="record" targetRef="decide"', 'sourceRef="record" targetRef="check"'),
        ('<userTask id="decide"', f'{new_task}<userTask id="decide"'),
    )
    move.run("approval", drawn)
    desk.complete(office.clerk, case.key, "record", {"weight": "3"})
    assert [row.element for row in desk.tasks(case.key)] == ["check"]


def test_what_stands_on_an_element_that_is_gone_stays_and_is_told(office, move):
    desk = office.desk
    standing, elsewhere = office.recorded(), office.approval()
    drawn = move.redraw("approval", *renamed(('name="审批"', 'name="核准"')))
    key = move.run("approval", drawn)
    assert move.counts(key) == {"refused": 1, "moved": 1}
    assert move.reasons(key) == [("案件停在这里，但新版本没", "审批", 1)]
    assert (version(desk, standing.key), version(desk, elsewhere.key)) == (1, 2)
    assert move.page(key).hindrances[0].samples[0].number == standing.number
    chosen = move.run("approval", drawn, elements={("approval", "decide"): "approve"})
    assert move.counts(chosen) == {"moved": 1}
    assert desk.task(standing.key, "approve")


def test_a_join_that_would_wait_for_a_branch_never_begun_is_told(office, move):
    office.desk.start(office.clerk, "tour", HILL, route="甲线")
    branch = (
        '<userTask id="fuel" name="加油"><extensionElements><zeebe:userTask />'
        '<zeebe:assignmentDefinition candidateGroups="clerk" /></extensionElements></userTask>'
        '<sequenceFlow id="split_to_fuel" sourceRef="split" targetRef="fuel" />'
        '<sequenceFlow id="fuel_to_join" sourceRef="fuel" targetRef="join" />'
    )
    drawn = move.redraw("tour", ('<endEvent id="toured"', f'{branch}<endEvent id="toured"'))
    assert move.reasons(move.plan("tour", drawn)) == [("迁移后这个汇合会等待一个", "join", 1)]


def test_a_called_process_and_a_sequential_item_go_along(office, move):
    desk = office.desk
    case = desk.start(office.clerk, "tour", HILL, route="甲线")
    desk.complete(office.clerk, case.key, "visit", {"seen": "3"})
    drawn = move.redraw("tour", ('id="visit" name="投递"', 'id="deliver" name="投递"'), ('"visit"', '"deliver"'))
    assert move.counts(move.run("tour", drawn)) == {"moved": 1}
    assert [(row.element, row.item) for row in desk.tasks(case.key)] == [("look", None), ("deliver", "南街")]
    for seen in ("4", "5"):
        desk.complete(office.clerk, case.key, "deliver", {"seen": seen})
    desk.complete(office.clerk, case.key, "look", {"condition": "好"})
    assert desk.ask(case_page, office.clerk, case.key).summary.end_name == "已巡回"


def test_items_kept_apart_go_along_and_back(office, move, runtime):
    desk, supervisor = office.desk, office.supervisor
    case = desk.start(office.clerk, "census", HILL, place="山前", houses="3", enough="1").key
    desk.complete(office.clerk, case, "count", {"persons": "2"})
    drawn = move.redraw("census", ('"visit"', '"call"'), ('id="tour" name', 'id="round" name'), ('"tour"', '"round"'))
    key = move.run("census", drawn)
    assert [row.element for row in desk.tasks(case)] == ["call"] * 3
    move.undo(key)
    assert move.counts(key) == {"undone": 1}
    assert [row.element for row in desk.tasks(case)] == ["visit"] * 3
    move.run("census", drawn)
    for _ in range(3):
        desk.complete(office.clerk, case, "call", {"remark": "在家"})
        desk.complete(supervisor, case, "confirm")
    assert desk.ask(case_page, office.clerk, case).summary.end_name == "已清点"


def test_undoing_brings_back_what_nobody_has_touched_since(office, move):
    desk = office.desk
    untouched, touched = office.recorded(), office.recorded()
    task = desk.task(untouched.key, "decide")
    before = {timer.element: timer.due.at for timer in desk.ask(case_page, office.clerk, untouched.key).timers}
    key = move.run(
        "approval",
        move.redraw(
            "approval",
            *renamed(('id="remind"', 'id="nudge"'), ('"remind"', '"nudge"'), ('name="快到期"', 'name="该催了"')),
        ),
    )
    desk.do(claim_task, office.supervisor, task=desk.task(touched.key, "approve").key)
    move.undo(key)
    assert move.counts(key) == {"undone": 1, "kept": 1}
    assert (version(desk, untouched.key), version(desk, touched.key)) == (1, 2)
    again = desk.task(untouched.key, "decide")
    assert (again.key, again.due_at) == (task.key, task.due_at)
    page = desk.ask(case_page, office.clerk, untouched.key)
    assert {timer.element: timer.due.at for timer in page.timers} == before
    desk.complete(office.supervisor, untouched.key, "decide", {"verdict": "no"})
    assert desk.ask(case_page, office.clerk, untouched.key).summary.end_name == "不同意"


def test_due_times_are_counted_anew_when_that_is_chosen(office, move, clock):
    desk, case = office.desk, office.recorded()
    task = desk.task(case.key, "decide")
    drawn = move.redraw(
        "approval", ("=workdays after(today(), policy.approval.decide_wd)", "=now() + duration(&quot;P9D&quot;)")
    )
    key = move.run("approval", drawn, replan=True)
    timers = {timer.element: timer.due.at for timer in desk.ask(case_page, office.clerk, case.key).timers}
    assert timers["late"] == clock.now() + timedelta(days=9)
    assert desk.task(case.key, "decide").due_at == clock.now() + timedelta(days=9) != task.due_at
    move.undo(key)
    assert desk.task(case.key, "decide").due_at == task.due_at


def test_a_field_that_moved_to_another_form_keeps_its_value(office, move, kit):
    desk, case = office.desk, office.recorded(id_no="")
    decide = kit.library.folders["approval"]["approval_decide.form"].decode()
    record = kit.library.folders["approval"]["approval_record.form"].decode()
    assert '"weight"' in record
    forms = {"approval_record": record.replace('"weight"', '"kilos"').encode(), "approval_decide": decide.encode()}
    key = move.run("approval", move.redraw("approval", ('name="登记"', 'name="称重"'), **forms))
    assert move.counts(key) == {"moved": 1}
    with desk.runtime.write() as transaction:
        locked = cases.lock(transaction, case.key)
        assert open_case(desk.runtime, transaction, locked.row, locked.state).run.view()["weight"] == 3


def test_a_message_that_is_called_otherwise_is_awaited_under_its_new_name(office, move):
    desk, case = office.desk, office.desk.start(office.clerk, "waiting", HILL, order_no="A1").key
    drawn = move.redraw("waiting", ('name="receipt"', 'name="reply"'), ("P30D", "P3D"))
    key = move.run("waiting", drawn)
    for message, taken in (("receipt", None), ("reply", case)):
        answer = desk.do(correlate_message, office.operations, name=message, key="A1", values={})
        assert answer == taken
    assert [row.element for row in desk.tasks(case)] == ["file_receipt"]
    move.undo(key)
    assert move.counts(key) == {"kept": 1}


@pytest.mark.parametrize(
    ("change", "name", "key"),
    [
        (('name="receipt"', 'name="reply"'), "reply", "A1"),
        (('"=order_no"', '"=order_no + &quot;/2&quot;"'), "receipt", "A1/2"),
    ],
    ids=["name", "key"],
)
def test_a_message_that_came_before_is_taken_under_its_new_name_or_key(office, move, change, name, key):
    desk, case = office.desk, office.desk.start(office.clerk, "waiting", HILL, order_no="A1").key
    desk.do(publish_message, SYSTEM, name=name, key=key)
    batch = move.run("waiting", move.redraw("waiting", change))
    assert [row.element for row in desk.tasks(case)] == ["file_receipt"]
    assert move.counts(batch) == {"moved": 1}
    move.undo(batch)
    assert move.counts(batch) == {"kept": 1}


def test_a_message_that_came_under_the_former_name_is_taken_when_the_case_is_moved_back(office, move):
    desk, case = office.desk, office.desk.start(office.clerk, "waiting", HILL, order_no="A1").key
    batch = move.run("waiting", move.redraw("waiting", ('name="receipt"', 'name="reply"')))
    desk.do(publish_message, SYSTEM, name="receipt", key="A1")
    assert desk.tasks(case) == []
    move.undo(batch)
    assert (move.counts(batch), version(desk, case)) == ({"undone": 1}, 1)
    assert [row.element for row in desk.tasks(case)] == ["file_receipt"]


def test_only_publishers_and_operations_move_cases_and_say_why(office, move, publisher):
    desk = office.desk
    drawn = move.redraw("approval", *renamed())
    given = {"process": "approval", "source": drawn[0], "target": drawn[1], "reason": "改图"}
    with pytest.raises(Forbidden):
        desk.do(plan_migration, office.supervisor, **given)
    with pytest.raises(Invalid) as silent:
        desk.do(plan_migration, publisher, **given | {"reason": " "})
    assert silent.value.fields.keys() == {"reason"}
    with pytest.raises(Invalid):
        desk.do(plan_migration, publisher, **given | {"target": drawn[0]})
    with pytest.raises(Invalid):
        desk.do(plan_migration, publisher, **given, elements={("approval", "decide"): "record2"})
    with pytest.raises(NotFound):
        desk.do(plan_migration, publisher, **given | {"process": "tour"})
    key = desk.do(plan_migration, office.operations, **given).key
    with pytest.raises(Conflict):
        desk.do(run_migration, publisher, migration=key)
    with pytest.raises(NotFound):
        desk.do(run_migration, publisher, migration=1)
    with pytest.raises(Forbidden):
        desk.ask(batch_page, office.clerk, key)


def test_the_plan_suggests_from_the_busiest_version_to_the_newest(office, move, publisher):
    office.recorded()
    drawn = move.redraw("approval", *renamed(('name="审批"', 'name="核准"')))
    page = office.desk.ask(plan_page, publisher, "approval", None, None)
    assert (page.source.key, page.target.key) == drawn
    assert [one.open_cases for one in page.versions] == [0, 1]
    assert {one.node.id: one.target for one in page.matches}["decide"] is None
    assert page.unmatched == 1


def test_a_case_that_cannot_go_on_there_stays_as_it_was_and_says_why(office, move):
    case = office.recorded()
    drawn = move.redraw(
        "approval",
        ("=workdays after(today(), policy.approval.remind_wd)", "P3D"),
        ('id="remind"', 'id="nudge"'),
        ('name="快到期" attachedToRef', 'name="该催了" attachedToRef'),
        ('sourceRef="remind"', 'sourceRef="nudge"'),
    )
    key = move.run("approval", drawn)
    assert move.counts(key) == {"failed": 1}
    assert move.reasons(key)[0][0].startswith("期限应能算出一个时间")
    assert version(office.desk, case.key) == 1


def test_a_case_that_stands_still_is_moved_and_goes_on_when_it_is_resumed(office, move, clock):
    desk, case = office.desk, office.recorded()
    desk.do(suspend_case, office.operations, case=case.key, reason="改图期间暂停")
    move.run("approval", move.redraw("approval", *renamed()))
    clock.advance(timedelta(days=30))
    assert desk.run_due() == 0
    assert [row.element for row in desk.tasks(case.key)] == ["approve"]
    desk.do(resume_case, office.operations, case=case.key, reason="已改好")
    assert desk.run_due() > 0
    assert version(desk, case.key) == 2


def test_a_moved_task_is_offered_as_the_new_version_says(office, move):
    task = office.desk.task(office.approval().key, "record")
    versions = move.redraw("approval", ('candidateGroups="clerk"', 'candidateGroups="clerk, supervisor"'))
    assert office.desk.ask(worklist, office.supervisor).rows == ()
    move.run("approval", versions)
    assert [row.task for row in office.desk.ask(worklist, office.supervisor).rows] == [task.key]
    assert [row.task for row in office.desk.ask(worklist, office.clerk).rows] == [task.key]


def test_what_was_handed_up_stays_with_who_decides_it_now(office, move):
    desk, case = office.desk, office.recorded()
    task = desk.task(case.key, "decide")
    desk.do(hand_up_tasks, office.supervisor, matter="parcels", region=HILL, reason="权限收回")
    move.run("approval", move.redraw("approval", *renamed()))
    moved = desk.task(case.key, "approve")
    assert (moved.key, moved.role, moved.due_at) == (task.key, "regional", task.due_at)
    with pytest.raises(Forbidden):
        desk.do(complete_task, office.supervisor, task=moved.key, revision=moved.revision, values={"verdict": "yes"})
    key = move.run("approval", move.redraw("approval", *renamed(('value="regional"', 'value="clerk"'))))
    assert move.counts(key) == {"moved": 1}
    assert desk.task(case.key, "approve").role == "supervisor"
