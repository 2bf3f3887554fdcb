import pytest

from engine.commands.assign_task import assign_task
from engine.commands.claim_task import claim_task
from engine.commands.complete_task import complete_task
from engine.commands.save_draft import save_draft
from engine.commands.unclaim_task import unclaim_task
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.queries.task import task_page
from engine.queries.trail import trail
from engine.queries.worklist import worklist
from engine.testing.places import HILL, LAKE


def test_a_claimed_task_is_mine_and_leaves_the_list_of_my_colleagues(office):
    task = office.desk.task(office.approval().key, "record")
    claimed = office.desk.do(claim_task, office.clerk, task=task.key)
    assert (claimed.assignee, claimed.revision) == (office.clerk.person, task.revision + 1)
    assert [row.mine for row in office.desk.ask(worklist, office.clerk).rows] == [True]
    assert office.desk.ask(worklist, office.other_clerk).rows == ()
    assert [row.assignee_name for row in office.desk.ask(worklist, office.other_clerk, show="all").rows] == [
        office.clerk.name
    ]


def test_claiming_again_changes_nothing(office):
    task = office.desk.task(office.approval().key, "record")
    first = office.desk.do(claim_task, office.clerk, task=task.key)
    assert office.desk.do(claim_task, office.clerk, task=task.key) == first


def test_who_comes_second_is_told_who_claimed_and_when(office):
    task = office.desk.task(office.approval().key, "record")
    office.desk.do(claim_task, office.clerk, task=task.key)
    for act in (claim_task, unclaim_task):
        with pytest.raises(Conflict) as refused:
            office.desk.do(act, office.other_clerk, task=task.key)
        assert office.clerk.name in refused.value.message.zh
        assert "2026-09-23 09:00" in refused.value.message.zh


def test_a_task_given_back_is_everybodys_again(office):
    task = office.desk.task(office.approval().key, "record")
    office.desk.do(claim_task, office.clerk, task=task.key)
    assert office.desk.do(unclaim_task, office.clerk, task=task.key).assignee is None
    assert office.desk.do(claim_task, office.other_clerk, task=task.key).assignee == office.other_clerk.person


def test_giving_back_what_nobody_holds_changes_nothing(office):
    task = office.desk.task(office.approval().key, "record")
    assert office.desk.do(unclaim_task, office.clerk, task=task.key).revision == task.revision


def test_claiming_is_refused_by_who_asks(office, staff):
    task = office.desk.task(office.approval().key, "record")
    with pytest.raises(NotFound):
        office.desk.do(claim_task, staff.person("clerk", LAKE), task=task.key)
    with pytest.raises(NotFound):
        office.desk.do(claim_task, staff.person("admin"), task=task.key)
    with pytest.raises(Forbidden, match="role"):
        office.desk.do(claim_task, office.supervisor, task=task.key)
    with pytest.raises(NotFound):
        office.desk.do(claim_task, office.clerk, task=task.key + 1)


def test_a_supervisor_hands_a_task_over_with_a_reason(office, staff):
    case = office.recorded()
    task = office.desk.task(case.key, "decide")
    deputy = staff.person("supervisor", HILL, 2)
    office.desk.do(claim_task, office.supervisor, task=task.key)
    handed = office.desk.do(assign_task, office.supervisor, task=task.key, person=deputy.person, reason="出差")
    assert handed.assignee == deputy.person
    acts = office.desk.ask(trail, office.supervisor, case.key)
    assert [row.action for row in acts][-2:] == ["claim_task", "assign_task"]
    with pytest.raises(Conflict, match=deputy.name):
        office.desk.complete(office.supervisor, case.key, "decide", {"verdict": "yes"})


def test_handing_over_needs_the_right_a_reason_and_somebody_who_may(office, staff):
    task = office.desk.task(office.recorded().key, "decide")
    deputy = staff.person("supervisor", HILL, 2)
    stranger = staff.person("supervisor", LAKE)
    with pytest.raises(Forbidden):
        office.desk.do(assign_task, office.clerk, task=task.key, person=deputy.person, reason="x")
    with pytest.raises(Invalid) as no_reason:
        office.desk.do(assign_task, office.supervisor, task=task.key, person=deputy.person, reason=" ")
    assert no_reason.value.fields.keys() == {"reason"}
    for person in (stranger.person, office.clerk.person, 5):
        with pytest.raises(Invalid) as nobody:
            office.desk.do(assign_task, office.supervisor, task=task.key, person=person, reason="x")
        assert nobody.value.fields.keys() == {"person"}


def test_a_task_is_not_handed_to_the_person_who_must_not_do_it(office, staff):
    both = staff.engage("两职", (staff.person("clerk", HILL).grants[0], staff.person("supervisor", HILL).grants[0]))
    case = office.approval()
    office.desk.complete(both, case.key, "record", {"weight": "3"})
    task = office.desk.task(case.key, "decide")
    with pytest.raises(Forbidden, match="Expected another person"):
        office.desk.do(assign_task, office.supervisor, task=task.key, person=both.person, reason="x")
    with pytest.raises(Forbidden):
        office.desk.do(claim_task, both, task=task.key)
    with pytest.raises(Forbidden):
        office.desk.complete(both, case.key, "decide", {"verdict": "yes"})
    office.desk.complete(office.supervisor, case.key, "decide", {"verdict": "no"})


def test_what_was_typed_survives_giving_back_and_handing_over(office, staff):
    case = office.recorded()
    task = office.desk.task(case.key, "decide")
    deputy = staff.person("supervisor", HILL, 2)
    office.desk.do(claim_task, office.supervisor, task=task.key)
    typed = {"verdict": "no", "opinion": "写了一半"}
    office.desk.do(save_draft, office.supervisor, task=task.key, values=typed)
    office.desk.do(unclaim_task, office.supervisor, task=task.key)
    office.desk.do(assign_task, office.supervisor, task=task.key, person=deputy.person, reason="休假")
    page = office.desk.ask(task_page, deputy, task.key)
    assert page.drafted
    assert page.values == typed


def test_a_draft_of_somebody_elses_or_a_closed_task_is_refused(office, staff):
    case = office.recorded()
    task = office.desk.task(case.key, "decide")
    deputy = staff.person("supervisor", HILL, 2)
    office.desk.do(claim_task, office.supervisor, task=task.key)
    with pytest.raises(Conflict):
        office.desk.do(save_draft, deputy, task=task.key, values={"opinion": "x"})
    with pytest.raises(NotFound):
        office.desk.do(save_draft, office.clerk, task=task.key, values={"opinion": "x"})
    office.desk.complete(office.supervisor, case.key, "decide", {"verdict": "no"})
    with pytest.raises(Conflict):
        office.desk.do(save_draft, office.supervisor, task=task.key, values={"opinion": "x"})


def test_a_task_claimed_since_it_was_loaded_is_completed_by_its_holder_alone(office):
    case = office.approval()
    task = office.desk.task(case.key, "record")
    office.desk.do(claim_task, office.clerk, task=task.key)
    with pytest.raises(Conflict, match=office.clerk.name):
        office.desk.do(complete_task, office.other_clerk, task=task.key, revision=task.revision, values={"weight": "3"})
    office.desk.complete(office.clerk, case.key, "record", {"weight": "3"})
