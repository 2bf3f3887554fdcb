import pytest

from engine.commands.claim_task import claim_task
from engine.commands.complete_task import complete_task
from engine.commands.unclaim_task import unclaim_task
from engine.errors import Conflict, Forbidden, Invalid, ModelError, NotFound
from engine.queries.case import case_page, visible_case
from engine.queries.task import task_page
from engine.store.counting import counting
from engine.testing.places import HILL, LAKE, PORT


def test_a_completed_task_moves_the_case_to_the_next_person(office):
    case = office.approval()
    done = office.desk.complete(office.clerk, case.key, "record", {"weight": "3"})
    assert (done.case, done.number, done.repeated) == (case.key, case.number, False)
    task = office.desk.task(case.key, "decide")
    assert (task.role, task.region, task.assignee) == ("supervisor", HILL, None)


def test_what_was_entered_stands_in_the_history_with_who_and_when(office, clock):
    case = office.approval()
    office.desk.complete(office.clerk, case.key, "record", {"weight": "3"})
    page = office.desk.ask(case_page, office.clerk, case.key)
    done = next(row for row in page.history if row.element == "record")
    assert (done.who, done.outcome, done.left_at) == (office.clerk.name, "completed", clock.now())
    assert done.values == {"weight": 3, "fragile": False, "scans": []}
    assert page.diagrams[0].elements == {"start": "done", "record": "done", "decide": "active"}


def test_a_notice_is_issued_with_what_the_activity_decided(office):
    case = office.recorded()
    office.desk.complete(office.supervisor, case.key, "decide", {"verdict": "no"})
    page = office.desk.ask(case_page, office.supervisor, case.key)
    assert [(row.title, row.number) for row in page.documents] == [("审批结果通知", "审〔2026〕1号")]
    assert (page.summary.status, page.summary.end_name, page.open_tasks) == ("ended", "不同意", ())


def test_a_missing_field_gets_its_sentence_and_changes_nothing(office):
    case = office.approval()
    with pytest.raises(Invalid) as refused:
        office.desk.complete(office.clerk, case.key, "record", {"fragile": "true"})
    assert refused.value.fields.keys() == {"weight", "packing"}
    assert office.desk.task(case.key, "record").revision == 1


def test_a_field_that_is_hidden_is_neither_required_nor_stored(office):
    case = office.approval()
    office.desk.complete(office.clerk, case.key, "record", {"weight": "3", "packing": "木箱"})
    page = office.desk.ask(case_page, office.clerk, case.key)
    assert "packing" not in next(row for row in page.history if row.element == "record").values


def test_a_stale_revision_is_told(office):
    case = office.approval()
    task = office.desk.task(case.key, "record")
    office.desk.do(claim_task, office.clerk, task=task.key)
    office.desk.do(unclaim_task, office.clerk, task=task.key)
    with pytest.raises(Conflict, match="you loaded 1"):
        office.desk.do(complete_task, office.clerk, task=task.key, revision=1, values={"weight": "3"})


def test_a_task_of_another_township_does_not_exist(office, staff):
    task = office.desk.task(office.approval().key, "record")
    for stranger in (staff.person("clerk", LAKE), staff.person("supervisor", PORT), staff.person("admin")):
        with pytest.raises(NotFound):
            office.desk.do(complete_task, stranger, task=task.key, revision=1, values={"weight": "3"})


def test_a_task_of_another_role_is_forbidden(office):
    task = office.desk.task(office.approval().key, "record")
    for colleague in (office.supervisor, office.regional):
        with pytest.raises(Forbidden, match="登记"):
            office.desk.do(complete_task, colleague, task=task.key, revision=1, values={"weight": "3"})


def test_a_closed_task_names_who_closed_it_and_when(office, clock):
    case = office.approval()
    task = office.desk.task(case.key, "record")
    office.desk.complete(office.clerk, case.key, "record", {"weight": "3"})
    with pytest.raises(Conflict) as refused:
        office.desk.do(complete_task, office.other_clerk, task=task.key, revision=1, values={"weight": "4"})
    for text in (refused.value.message.zh, refused.value.message.en):
        assert office.clerk.name in text
        assert "2026-09-23 09:00" in text


def test_a_task_the_case_has_left_behind_says_so(office, clock):
    case = office.recorded()
    task = office.desk.task(case.key, "decide")
    clock.set(clock.now().replace(month=10, day=12))
    office.desk.run_due()
    with pytest.raises(Conflict, match="cancelled at 2026-10-12"):
        office.desk.do(
            complete_task, office.supervisor, task=task.key, revision=task.revision, values={"verdict": "yes"}
        )


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_repeated_completion_has_one_effect(office, times):
    case = office.approval()
    task = office.desk.task(case.key, "record")
    answers = [
        office.desk.do(
            complete_task, office.clerk, task=task.key, revision=1, values={"weight": "3"}, idempotency_key="k"
        )
        for _ in range(times)
    ]
    assert [answer.repeated for answer in answers] == [False] + [True] * (times - 1)
    assert len(office.desk.tasks(case.key)) == 1
    with pytest.raises(Conflict):
        office.desk.do(
            complete_task, office.clerk, task=task.key, revision=1, values={"weight": "3"}, idempotency_key="l"
        )
    with pytest.raises(Conflict):
        office.desk.do(
            complete_task, office.other_clerk, task=task.key, revision=1, values={"weight": "3"}, idempotency_key="k"
        )


def test_a_fault_of_the_model_throws_the_whole_step_away(office):
    case = office.desk.start(office.clerk, "fragile", HILL, load="5")
    before = office.desk.ask(case_page, office.clerk, case.key)
    with pytest.raises(ModelError) as fault:
        office.desk.complete(office.clerk, case.key, "enter", {"load": "500"})
    assert fault.value.element == "rate"
    assert office.desk.ask(case_page, office.clerk, case.key) == before
    office.desk.complete(office.clerk, case.key, "enter", {"load": "50"})


def test_a_local_service_writes_in_the_same_transaction_and_its_values_go_on(office):
    for number in (1, 2):
        case = office.recorded()
        office.desk.complete(office.supervisor, case.key, "decide", {"verdict": "yes"})
        with office.desk.runtime.read() as transaction:
            view = visible_case(office.desk.runtime, transaction, office.clerk, case.key).run.view(None)
            assert view["booking"] == number


def test_a_known_answer_is_offered_again_in_later_forms(office, clock):
    case = office.recorded()
    clock.set(clock.now().replace(month=10, day=12))
    office.desk.run_due()
    page = office.desk.ask(task_page, office.regional, office.desk.task(case.key, "takeover").key)
    assert page.form is not None
    assert page.summary.facts[0].text.zh == "王芳"
    assert [fact.masked for fact in page.summary.facts] == [False, True, False]


def test_completing_stays_within_twelve_statements(office):
    case = office.approval()
    task = office.desk.task(case.key, "record")
    office.desk.ask(case_page, office.clerk, case.key)
    counter = counting(office.desk.runtime.database)
    office.desk.do(complete_task, office.clerk, task=task.key, revision=1, values={"weight": "3"})
    counts = counter.take()
    assert counts.commits == 1
    assert counts.statements <= 12


def test_items_come_one_after_the_other_and_their_answers_are_collected(office):
    case = office.desk.start(office.clerk, "tour", HILL, route="甲线")
    seen = []
    for number in range(3):
        task = office.desk.task(case.key, "visit")
        seen.append(task.item)
        office.desk.complete(office.clerk, case.key, "visit", {"seen": str(number)})
    assert len(seen) == len(set(seen)) == 3
    office.desk.complete(office.clerk, case.key, "look", {"condition": "良好"})
    page = office.desk.ask(case_page, office.clerk, case.key)
    assert page.summary.end_name == "已巡回"
    with office.desk.runtime.read() as transaction:
        view = visible_case(office.desk.runtime, transaction, office.clerk, case.key).run.view(None)
        assert (view["counts"], view["condition"]) == ([0, 1, 2], "良好")
