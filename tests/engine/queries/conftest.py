from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from engine.commands.attach_file import attach_file
from engine.commands.start_case import start_case
from engine.testing import Desk, Staff
from engine.testing.places import HILL, LAKE, PORT

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TOWNSHIPS = (HILL, LAKE, PORT)


@dataclass(frozen=True)
class Branch:
    """What one township has: a case to decide, a refused one with its notice and file, a case with an incident."""

    to_decide: int
    refused: int
    failed: int
    file: str


@pytest.fixture
def branches(desk: Desk, staff: Staff) -> dict[str, Branch]:
    """Return the same work in three townships of two counties."""
    made = {region: _branch(desk, staff, region, number) for number, region in enumerate(TOWNSHIPS)}
    desk.runtime.connectors = {}
    clock = desk.runtime.clock
    for _ in range(5):
        clock.advance(timedelta(hours=8))
        desk.run_due()
    return made


def _branch(desk: Desk, staff: Staff, region: str, number: int) -> Branch:
    clerk, supervisor = staff.person("clerk", region), staff.person("supervisor", region)
    keys = {}
    for name in ("to_decide", "refused", "failed"):
        owner = f"start:{region}{name:_>16}"
        stored = desk.do(attach_file, clerk, owner=owner, field="photos", name="a.pdf", data=PDF)
        values = {
            "sender_name": f"{name}-{number}", "phone": f"1380000000{number}", "amount": "5", "photos": [stored.key],
            "id_no": "410721199003070010",
        }  # fmt: skip
        case = desk.do(start_case, clerk, process="approval", region=region, values=values, owner=owner)
        desk.complete(clerk, case.key, "record", {"weight": "3"})
        keys[name] = case.key, stored.key
    desk.complete(supervisor, keys["refused"][0], "decide", {"verdict": "no"})
    desk.complete(supervisor, keys["failed"][0], "decide", {"verdict": "yes"})
    return Branch(keys["to_decide"][0], keys["refused"][0], keys["failed"][0], keys["refused"][1])
