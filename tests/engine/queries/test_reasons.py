"""Why a case went its way: the rules that decided are kept with the activity, sealed, and told on its pages."""

from __future__ import annotations

import sqlalchemy as sa

from engine.queries.case import case_page
from engine.queries.reasons import Reason
from engine.store import tables as t
from engine.testing import Desk, Staff
from engine.testing.places import HILL


def decided(desk: Desk, clerk: object) -> int:
    case = desk.start(clerk, "fragile", HILL, load="50")
    desk.complete(clerk, case.key, "enter", {"load": "50"})
    return case.key


def test_the_case_page_tells_the_rule_that_applied(desk: Desk, staff: Staff) -> None:
    clerk = staff.person("clerk", HILL)
    page = desk.ask(case_page, clerk, decided(desk, clerk))

    (row,) = [row for row in page.history if row.element == "rate"]
    assert row.shown
    assert row.values is None
    assert page.reasons == {row.token: (Reason("载重等级", 2, ("危险品规程第三条",)),)}


def test_what_decided_is_sealed(desk: Desk, staff: Staff) -> None:
    clerk = staff.person("clerk", HILL)
    case = decided(desk, clerk)
    with desk.runtime.read() as transaction:
        activity = t.activity.c
        kept = sa.select(activity["values"]).where(activity.case == case, activity.element == "rate")
        sealed = transaction.execute(kept).scalar_one()

    assert sealed
    assert b"load_class" not in bytes(sealed)
