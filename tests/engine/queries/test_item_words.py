"""A step done once for each of many is named with what it is about, a place by its name."""

from __future__ import annotations

import pytest

from engine.queries.item_words import named_with_item
from engine.testing.places import HILL, NORTH


@pytest.mark.parametrize(
    ("item", "named"),
    [
        (f"{HILL}001", "复核村级台账（山镇 001）"),
        (HILL, "复核村级台账（山镇）"),
        (NORTH, "复核村级台账（北县）"),
        ("张爱玲 2026-10", "复核村级台账（张爱玲 2026-10）"),
        ("3", "复核村级台账（3）"),
        (None, "复核村级台账"),
    ],
)
def test_a_task_says_which_of_many_it_is(runtime, item, named):
    assert named_with_item(runtime, "复核村级台账", item) == named
