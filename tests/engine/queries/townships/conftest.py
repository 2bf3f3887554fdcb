from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from engine.clock import FixedClock
from engine.commands.attach_file import attach_file
from engine.commands.start_case import start_case
from engine.queries.case import case_page
from engine.queries.cases import cases
from engine.runtime import Runtime
from engine.testing import Desk, Kit, Staff
from engine.testing.places import HILL, LAKE, PORT

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TOWNSHIPS = (HILL, LAKE, PORT)
TRIES, PAUSE = 5, timedelta(hours=8)


@dataclass(frozen=True)
class Branch:
    """What one township has: a case to decide, a refused one with its notice and file, a case with an incident."""

    to_decide: int
    refused: int
    failed: int
    file: str


def _story(runtime: Runtime, clock: FixedClock) -> None:
    """The same work in three townships of two counties, and a courier that never answers."""
    desk, staff = Desk(runtime), Staff(runtime)
    for number, region in enumerate(TOWNSHIPS):
        _work(desk, staff, region, number)
    runtime.connectors = {}
    for _ in range(TRIES):
        clock.advance(PAUSE)
        desk.run_due()


@pytest.fixture(scope="session")
def kit(kit: Kit) -> Kit:
    return replace(kit, name="townships", story=_story)


@pytest.fixture
def branches(desk: Desk, staff: Staff, clock: FixedClock) -> dict[str, Branch]:
    """Return what each township has."""
    clock.advance(TRIES * PAUSE)
    found = {}
    for number, region in enumerate(TOWNSHIPS):
        named = {
            name: desk.ask(cases, staff.person("manager"), q=f"{name}-{number}").rows[0].key
            for name in ("to_decide", "refused", "failed")
        }
        file = desk.ask(case_page, staff.person("manager"), named["refused"]).files[0].key
        found[region] = Branch(**named, file=file)
    return found


def _work(desk: Desk, staff: Staff, region: str, number: int) -> None:
    clerk, supervisor = staff.person("clerk", region), staff.person("supervisor", region)
    started = {}
    for name in ("to_decide", "refused", "failed"):
        owner = f"start:{region}{name:_>16}"
        stored = desk.do(attach_file, clerk, owner=owner, field="photos", name="a.pdf", data=PDF)
        values = {
            "sender_name": f"{name}-{number}", "phone": f"1380000000{number}", "amount": "5", "photos": [stored.key],
            "id_no": "410721199003070010",
        }  # fmt: skip
        started[name] = desk.do(start_case, clerk, process="approval", region=region, values=values, owner=owner).key
        desk.complete(clerk, started[name], "record", {"weight": "3"})
    desk.complete(supervisor, started["refused"], "decide", {"verdict": "no"})
    desk.complete(supervisor, started["failed"], "decide", {"verdict": "yes"})
