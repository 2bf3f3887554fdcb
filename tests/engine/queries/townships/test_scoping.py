"""Who sees what: every role at its level, in every question."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.commands.attach_file import attach_file
from engine.errors import NotFound
from engine.model import Actor
from engine.queries.attachments import document, file
from engine.queries.case import case_page
from engine.queries.cases import cases
from engine.queries.heatmap import heatmap
from engine.queries.incidents import incidents
from engine.queries.stuck import stuck
from engine.queries.task import task_page
from engine.queries.trail import trail
from engine.queries.worklist import worklist
from engine.store import tables as t
from engine.testing.places import HILL, LAKE, NORTH, PORT, SOUTH
from engine.testing.staff import CITIZEN

ALL = {HILL, LAKE, PORT}
# role, region held -> the townships whose cases they see, whose worklist they get, heat they watch, incidents they see
MATRIX = [
    ("clerk", HILL, {HILL}, set(), set(), set()),
    ("clerk", PORT, {PORT}, set(), set(), set()),
    ("supervisor", HILL, {HILL}, {HILL}, {HILL}, {HILL}),
    ("supervisor", LAKE, {LAKE}, {LAKE}, {LAKE}, {LAKE}),
    ("regional", NORTH, {HILL, LAKE}, set(), {HILL, LAKE}, {HILL, LAKE}),
    ("regional", SOUTH, {PORT}, set(), {PORT}, {PORT}),
    ("manager", "4107", ALL, set(), ALL, ALL),
    ("manager", "", ALL, set(), ALL, ALL),
    ("operations", "", set(), set(), set(), ALL),
    ("operations", NORTH, set(), set(), set(), {HILL, LAKE}),
    ("admin", "", set(), set(), set(), ALL),
    ("publisher", "", set(), set(), set(), set()),
    ("auditor", "", ALL, set(), set(), set()),
]
IDS = [f"{role}@{region or 'all'}" for role, region, *_ in MATRIX]


@pytest.mark.parametrize(("role", "region", "seen", "offered", "watched", "mended"), MATRIX, ids=IDS)
def test_each_role_sees_its_region_in_every_question_and_nothing_else(
    desk, staff, branches, role, region, seen, offered, watched, mended
):
    actor = staff.person(role, region)
    assert {row.region for row in desk.ask(cases, actor).rows} == seen
    assert desk.ask(cases, actor).total == 3 * len(seen)
    assert {row.region for row in desk.ask(worklist, actor, show="roles").rows} == offered
    assert {row.region for row in desk.ask(worklist, actor, show="all").rows} == seen | offered
    heat = desk.ask(heatmap, actor, process="approval")
    assert {place.region for place in heat.regions} == watched
    assert heat.open == 2 * len(watched)
    assert {row.region for row in desk.ask(stuck, actor).rows} == watched
    assert {row.region for row in desk.ask(incidents, actor).rows} == mended
    for place, branch in branches.items():
        for case in (branch.to_decide, branch.refused, branch.failed):
            assert _visible(desk, case_page, actor, case) == (place in seen)
            assert _visible(desk, trail, actor, case) == (place in seen)
        assert _visible(desk, file, actor, branch.file) == (place in seen)
        assert _visible(desk, document, actor, _document(desk, branch.refused)) == (place in seen)
        task = desk.task(branch.to_decide, "decide").key
        assert _visible(desk, task_page, actor, task) == (place in seen)


def _visible(desk, question, actor, key) -> bool:
    try:
        desk.ask(question, actor, key)
    except NotFound:
        return False
    return True


def _document(desk, case: int) -> int:
    with desk.runtime.read() as transaction:
        return transaction.execute(sa.select(t.document.c.key).where(t.document.c.case == case)).scalar_one()


def test_people_without_a_role_and_citizens_see_nothing(desk, branches):
    for actor in (CITIZEN, Actor(1, "无岗位")):
        assert desk.ask(cases, actor).total == 0
        assert desk.ask(worklist, actor, show="all").total == 0
        assert desk.ask(incidents, actor).total == 0
        assert desk.ask(heatmap, actor, process="approval").open == 0
        assert not _visible(desk, case_page, actor, branches[HILL].to_decide)
        assert not _visible(desk, file, actor, branches[HILL].file)


def test_a_role_in_two_places_sees_both(desk, staff, branches):
    grants = staff.person("supervisor", HILL).grants + staff.person("supervisor", PORT).grants
    actor = staff.engage("两地主管", grants)
    assert {row.region for row in desk.ask(worklist, actor).rows} == {HILL, PORT}
    assert desk.ask(cases, actor).total == 6


def test_things_that_do_not_exist_are_not_found_like_those_one_may_not_see(desk, staff, branches):
    manager = staff.person("manager")
    for question, key in ((case_page, 1), (task_page, 1), (document, 1), (file, "nothing"), (trail, 1)):
        assert not _visible(desk, question, manager, key)


def test_a_file_uploaded_for_a_start_form_is_nobodys_until_the_case_begins(desk, staff, branches):
    clerk = staff.person("clerk", HILL)
    stored = desk.do(
        attach_file, clerk, owner="start:not-yet-started-00", field="photos", name="a.pdf", data=b"%PDF-1.4\n%%EOF\n"
    )
    assert not _visible(desk, file, clerk, stored.key)
    assert not _visible(desk, file, staff.person("manager"), stored.key)
