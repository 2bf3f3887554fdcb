"""Every row again, deployed and moved by commands on both databases, its rows scanned after every step."""

from __future__ import annotations

from engine.checking import ServiceNames, check_bundle
from engine.commands.cancel_case import cancel_case
from engine.queries.invariants import scan_invariants
from engine.testing import Desk, Kit, Staff
from engine.testing.places import HILL
from tests.engine.elements.office import Office
from tests.engine.elements.table import ROWS

SERVICES = ServiceNames(frozenset({"local"}), frozenset({"remote"}), {"local": frozenset()})


def test_every_row_passes_every_check(kit: Kit) -> None:
    errors = {
        row.slug: [finding.message.en for finding in check_bundle(kit.library.bundle(row.process), SERVICES)
                   if finding.severity == "error"]
        for row in ROWS
    }  # fmt: skip
    assert {slug: found for slug, found in errors.items() if found} == {}


def test_every_row_runs_by_commands(desk: Desk, staff: Staff) -> None:
    differ: dict[str, str] = {}
    for row in ROWS:
        office = Office(desk, staff.person("clerk", HILL))
        office.start(row)
        assert scan_invariants(desk.runtime) == ()
        for what, where in row.trace:
            if what and what != row.trace[0][0]:
                office.move(what)
            if (found := office.where()) != where:
                differ[row.slug] = f"{what or 'start'}: {found}, not {where}"
                break
        if office.where() != "DONE":
            desk.do(cancel_case, staff.person("operations"), case=office.case, reason="样例结束")
    assert differ == {}
    assert scan_invariants(desk.runtime) == ()


def test_a_signal_is_heard_in_every_case_and_a_case_does_not_hear_its_own_twice(desk: Desk, staff: Staff) -> None:
    waiting = [row for row in ROWS if row.slug == "catch-signal"] * 3
    offices = [Office(desk, staff.person("clerk", HILL)) for _ in waiting]
    for office, row in zip(offices, waiting, strict=True):
        office.start(row)
    beside = Office(desk, staff.person("clerk", HILL))
    beside.start(next(row for row in ROWS if row.slug == "boundary-signal-beside"))
    thrower = Office(desk, staff.person("clerk", HILL))
    thrower.start(next(row for row in ROWS if row.slug == "throw-signal"))
    thrower.move("complete T")
    assert [office.where() for office in offices] == ["A"] * 3
    assert beside.where() == "A R b~"
    assert thrower.where() == "A B"
