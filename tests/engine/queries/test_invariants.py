"""The scan that runs after every other test finds what it is there to find."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.queries.invariants import scan_invariants
from engine.store import tables as t
from engine.testing.places import HILL

pytestmark = pytest.mark.tampers


@pytest.fixture
def stored(desk, staff):
    """Return a case at every kind of waiting, and one that has ended."""
    clerk, supervisor = staff.person("clerk", HILL), staff.person("supervisor", HILL)
    parcel = {"sender_name": "王芳", "phone": "13800000001", "amount": "5"}
    cases = []
    for verdict in (None, "yes", "no"):
        case = desk.start(clerk, "approval", HILL, **parcel).key
        desk.complete(clerk, case, "record", {"weight": "3"})
        if verdict:
            desk.complete(supervisor, case, "decide", {"verdict": verdict})
        cases.append(case)
    cases.append(desk.start(clerk, "waiting", HILL, order_no="A1").key)
    cases.append(desk.start(clerk, "tour", HILL, route="甲").key)
    census = desk.start(clerk, "census", HILL, place="山前", houses="3", enough="1").key
    desk.complete(clerk, census, "count", {"persons": "2"})
    cases.append(census)
    assert scan_invariants(desk.runtime) == ()
    return cases


BREAKS = {
    "a task closed behind the case's back": (t.user_task, 0, {"status": "completed"}, "user tasks"),
    "a task offered to a role nobody knows": (t.user_task, 0, {"role": "king"}, "offered to nobody"),
    "a timer lost": (t.job, 0, {"status": "cancelled"}, "timers"),
    "a remote job lost": (t.job, 1, {"status": "done"}, "jobs"),
    "a job failed without an incident": (t.job, 1, {"status": "incident"}, "open incidents tell of"),
    "a case ended by hand": (t.case, 0, {"status": "ended"}, "its row says ended"),
    "an ended case opened by hand": (t.case, 2, {"status": "open"}, "its row says open"),
    "history that ended too early": (t.activity, 0, {"left_at": 1}, "the history does not show"),
    "history that never ended": (t.activity, 2, {"left_at": None}, "never ended"),
    "a draft on a closed task": (t.user_task, 2, {"draft": b"x"}, "keeps a draft"),
    "iterations of an activity that is none": (t.iteration, 5, {"body": 1}, "no live multi-instance"),
    "a token lost in its iteration": (t.iteration_token, 5, {"iteration": 1}, "tokens inside iterations"),
    "an audit entry changed": (t.audit, 0, {"name": "x"}, "audit chain"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_contradicts_itself_is_told(runtime, stored, name):
    table, which, values, sentence = BREAKS[name]
    of_case = table.c.key == stored[which] if table is t.case else None
    if table is t.audit:
        of_case = table.c.chain == f"case:{stored[which]}"
    elif of_case is None:
        of_case = table.c.case == stored[which]
    with runtime.write() as transaction:
        if values == {"left_at": 1}:
            values = {"left_at": transaction.now}
        transaction.execute(table.update().where(of_case).values(values))
    assert any(sentence in problem for problem in scan_invariants(runtime))


def test_a_lost_subscription_and_a_case_nobody_waits_for_are_told(runtime, stored):
    with runtime.write() as transaction:
        transaction.execute(t.subscription.delete())
    assert any("subscriptions" in problem for problem in scan_invariants(runtime))


def test_rows_of_a_case_that_is_gone_are_told(runtime, stored):
    with runtime.write() as transaction:
        transaction.execute(t.case_state.delete().where(t.case_state.c.case == stored[0]))
        transaction.execute(t.case.delete().where(t.case.c.key == stored[0]))
    assert any(f"case {stored[0]}, which does not exist" in problem for problem in scan_invariants(runtime))


def test_variables_of_a_scope_that_closed_are_told(runtime, stored):
    with runtime.write() as transaction:
        row = transaction.execute(sa.select(t.variable).where(t.variable.c.case == stored[0])).mappings().first()
        transaction.execute(t.variable.insert(), dict(row) | {"scope": 99, "value": b"x"})
    assert any("closed scopes [99]" in problem for problem in scan_invariants(runtime))
