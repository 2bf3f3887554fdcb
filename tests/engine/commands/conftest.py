from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from engine.commands.start_case import StartedCase
from engine.model import Actor
from engine.testing import Desk, Staff
from engine.testing.places import HILL, NORTH

PARCEL = {"sender_name": "王芳", "phone": "13800000001", "amount": "100"}


@dataclass(frozen=True)
class Office:
    """The people of one township and their superiors."""

    desk: Desk
    clerk: Actor
    other_clerk: Actor
    supervisor: Actor
    regional: Actor
    operations: Actor

    def approval(self, **values: Any) -> StartedCase:
        """Return a case that waits for being recorded."""
        return self.desk.start(self.clerk, "approval", HILL, **PARCEL, **values)

    def recorded(self, **values: Any) -> StartedCase:
        """Return a case that waits for being decided."""
        case = self.approval(**values)
        self.desk.complete(self.clerk, case.key, "record", {"weight": "3"})
        return case


@pytest.fixture
def office(desk: Desk, staff: Staff) -> Office:
    return Office(
        desk,
        staff.person("clerk", HILL),
        staff.person("clerk", HILL, 2),
        staff.person("supervisor", HILL),
        staff.person("regional", NORTH),
        staff.person("operations"),
    )
