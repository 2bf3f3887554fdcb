"""Which process instances a batch is for: all open ones that meet a filter."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.errors import Invalid, Text
from engine.queries.search.cases import matching_cases
from web.api.filters import conditions
from web.api.process_instances import InstanceQuery
from web.context import actor, runtime, tx

MOST_CASES = 10_000
InstanceFilter: Any = next(field.type for field in msgspec.structs.fields(InstanceQuery) if field.name == "filter")


def chosen_cases(action: str, filter_: Any) -> dict[int, int]:
    """Return the versions of the open cases that meet the filter where the actor may do this, by case.

    Raises Invalid when there are more than 10,000.
    """
    found = matching_cases(runtime(), tx(), actor(), action, list(conditions(filter_)), MOST_CASES)
    if len(found) > MOST_CASES:
        message = Text(
            f"一批最多处理 {MOST_CASES} 个案件,请缩小 filter 的范围。",
            f"Expected a filter that at most {MOST_CASES} process instances meet; narrow it.",
        )
        raise Invalid(message, {"filter": message})
    return found
