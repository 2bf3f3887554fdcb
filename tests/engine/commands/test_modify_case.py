"""Tokens of a case moved by hand: one person proposes and sees what would happen, another one lets it happen."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from engine.commands.approve_modification import approve_modification
from engine.commands.cancel_case import cancel_case
from engine.commands.claim_task import claim_task
from engine.commands.propose_modification import propose_modification, try_modification
from engine.commands.refuse_modification import refuse_modification
from engine.commands.save_draft import save_draft
from engine.commands.suspend_case import suspend_case
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.model import Modification, TokenStart
from engine.queries.case import case_page, visible_case
from engine.queries.invariants import scan_invariants
from engine.queries.trail import trail
from engine.store import jobs, modifications
from engine.testing.places import HILL, SOUTH

REASON = "登记有误,退回登记"


def plan(office: Any, case: int, ends: str = "", starts: str = "", **variables: Any) -> Modification:
    with office.desk.runtime.read() as transaction:
        run = visible_case(office.desk.runtime, transaction, office.clerk, case).run
        tokens = {one.element: one.token for one in run.movable()}
    return Modification(
        tuple(tokens[name] for name in ends.split()),
        tuple(TokenStart("approval", name) for name in starts.split()),
        variables,
    )


def propose(office: Any, case: int, *args: str, **variables: Any) -> Any:
    given = plan(office, case, *args, **variables)
    return office.desk.do(propose_modification, office.operations, case=case, plan=given, reason=REASON)


@pytest.fixture
def second(staff):
    return staff.person("operations", number=2)


def elements(office: Any, case: int) -> list[str]:
    return [row.element for row in office.desk.tasks(case)]


def state(office: Any, case: int) -> list[tuple[str, bool]]:
    with office.desk.runtime.read() as transaction:
        return sorted((row.element, row.case == case) for row in jobs.pending_timers(transaction))


def test_nothing_happens_until_another_person_approves(office, second):
    case = office.recorded().key
    proposed = propose(office, case, "decide", "record", amount="7")
    assert elements(office, case) == ["decide"]
    assert [(one.stop.element, one.stop.kind) for one in proposed.outcome.endings] == [
        ("decide", "user_task"), ("remind", "timer"), ("late", "timer"),
    ]  # fmt: skip
    assert [one.element for one in proposed.outcome.after] == ["record"]
    with pytest.raises(Forbidden, match="somebody else"):
        office.desk.do(approve_modification, office.operations, modification=proposed.key, note="同意")
    office.desk.do(approve_modification, second, modification=proposed.key, note="同意")
    assert elements(office, case) == ["record"]
    assert state(office, case) == []
    with office.desk.runtime.read() as transaction:
        assert visible_case(office.desk.runtime, transaction, office.clerk, case).run.view()["amount"] == "7"
    office.desk.complete(office.clerk, case, "record", {"weight": "4"})
    assert elements(office, case) == ["decide"]


def test_a_step_that_ends_and_begins_anew_is_told_as_both(office, second):
    case = office.recorded().key
    outcome = propose(office, case, "decide", "decide").outcome
    assert {one.stop.element for one in outcome.endings} == {one.element for one in outcome.begins()}


def test_the_trail_names_both_persons_and_why(office, second):
    case = office.recorded().key
    key = propose(office, case, "decide", "record").key
    office.desk.do(approve_modification, second, modification=key, note="核对过了")
    rows = [(one.action, one.name) for one in office.desk.ask(trail, office.clerk, case)]
    assert ("propose_modification", office.operations.name) in rows
    assert ("modify_case", second.name) in rows
    with office.desk.runtime.read() as transaction:
        row = modifications.find(transaction, key)
    assert (row.status, row.person_name, row.decider_name, row.note) == (
        "done", office.operations.name, second.name, "核对过了",
    )  # fmt: skip
    with pytest.raises(Conflict, match=second.name):
        office.desk.do(approve_modification, second, modification=key, note="再来")


def test_a_case_that_changed_meanwhile_is_not_modified(office, second):
    case = office.recorded().key
    key = propose(office, case, "decide", "record").key
    office.desk.do(claim_task, office.supervisor, task=office.desk.task(case, "decide").key)
    with pytest.raises(Conflict, match="has changed") as told:
        office.desk.do(approve_modification, second, modification=key, note="同意")
    assert "审批" in told.value.message.zh
    assert elements(office, case) == ["decide"]
    assert office.desk.do(refuse_modification, second, modification=key, note="有人在办") == "refused"
    again = propose(office, case, "decide", "record")
    assert again.outcome.endings[0].claimed_by == office.supervisor.name
    office.desk.do(save_draft, office.supervisor, task=office.desk.task(case, "decide").key, values={"verdict": "no"})
    with pytest.raises(Conflict, match="has changed"):
        office.desk.do(approve_modification, second, modification=again.key, note="同意")


def test_a_case_that_went_on_or_ended_is_not_modified(office, second):
    case = office.recorded().key
    key = propose(office, case, "decide", "record").key
    office.desk.complete(office.supervisor, case, "decide", {"verdict": "yes"})
    with pytest.raises(Conflict, match="gone on"):
        office.desk.do(approve_modification, second, modification=key, note="同意")
    office.desk.do(cancel_case, office.operations, case=case, reason="重复")
    with pytest.raises(Conflict, match="has ended"):
        office.desk.do(approve_modification, second, modification=key, note="同意")


def test_what_happens_by_itself_on_the_way_is_foreseen_and_undone(office, second):
    case = office.recorded().key
    given = plan(office, case, "decide", "book")
    outcome = office.desk.do(try_modification, office.operations, case=case, plan=given)
    assert [one.element for one in outcome.passed] == ["book"]
    assert [(one.element, one.kind) for one in outcome.after] == [("send", "job")]
    assert elements(office, case) == ["decide"]
    key = office.desk.do(propose_modification, office.operations, case=case, plan=given, reason=REASON).key
    office.desk.do(approve_modification, second, modification=key, note="同意")
    assert office.desk.run_due() == 1
    assert office.desk.ask(case_page, office.clerk, case).summary.end_name == "已寄出"


def test_one_proposal_at_a_time_withdrawn_by_who_made_it(office, second):
    case = office.recorded().key
    key = propose(office, case, "decide", "record").key
    with pytest.raises(Conflict, match=office.operations.name):
        propose(office, case, "decide", "record")
    assert office.desk.do(refuse_modification, office.operations, modification=key, note="想错了") == "withdrawn"
    propose(office, case, "decide", "record")


def test_a_suspended_case_is_modified_and_still_stands(office, second):
    case = office.approval().key
    office.desk.do(suspend_case, office.operations, case=case, reason="核查")
    key = propose(office, case, "record", "decide").key
    office.desk.do(approve_modification, second, modification=key, note="同意")
    assert elements(office, case) == ["decide"]
    assert office.desk.run_due() == 0


def test_who_may_not_and_what_is_missing_is_told(office, staff):
    case = office.recorded().key
    given = plan(office, case, "decide", "record")
    with pytest.raises(NotFound):
        office.desk.do(propose_modification, office.clerk, case=case, plan=given, reason=REASON)
    with pytest.raises(Forbidden):
        office.desk.do(propose_modification, staff.person("manager"), case=case, plan=given, reason=REASON)
    with pytest.raises(Invalid, match="a reason"):
        office.desk.do(propose_modification, office.operations, case=case, plan=given, reason=" ")
    with pytest.raises(Invalid, match="choose one"):
        office.desk.do(propose_modification, office.operations, case=case, plan=Modification(), reason=REASON)
    bad = Modification(variables={"case": 1})
    with pytest.raises(Invalid, match="engine uses"):
        office.desk.do(propose_modification, office.operations, case=case, plan=bad, reason=REASON)
    elsewhere = staff.person("operations", SOUTH)
    key = office.desk.do(propose_modification, office.operations, case=case, plan=given, reason=REASON).key
    with pytest.raises(NotFound):
        office.desk.do(approve_modification, elsewhere, modification=key, note="同意")


@pytest.mark.parametrize("seed", range(4))
def test_random_modifications_leave_nothing_stored_that_contradicts_itself(office, second, seed):
    random = Random(seed)
    started = [
        office.recorded().key, office.desk.start(office.clerk, "census", HILL, place="山前", houses="3", enough="2").key,
        office.desk.start(office.clerk, "tour", HILL, route="甲线").key,
    ]  # fmt: skip
    done = 0
    for _ in range(12):
        case = random.choice(started)
        with office.desk.runtime.read() as transaction:
            run = visible_case(office.desk.runtime, transaction, office.clerk, case).run
            tokens, starts = run.movable(), run.possible_starts()
        ends = random.sample(tokens, min(len(tokens), random.randrange(3)))
        begun = random.sample(starts, min(len(starts), random.randrange(3)))
        given = Modification(
            tuple(one.token for one in ends), tuple(TokenStart(one.process, one.element, one.within) for one in begun)
        )
        try:
            key = office.desk.do(propose_modification, office.operations, case=case, plan=given, reason=REASON).key
        except (Conflict, Invalid):
            continue
        office.desk.do(approve_modification, second, modification=key, note="同意")
        done += 1
        assert scan_invariants(office.desk.runtime) == ()
    assert done >= 2
