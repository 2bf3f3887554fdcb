"""The benefits that have a roster: adding one is a line of ``data/benefits.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from engine.errors import ModelError, Text
from workflows.registers.catalogue import rows_of


@dataclass(frozen=True, slots=True)
class Benefit:
    """One benefit: ``of`` a household or a person, ``paid`` monthly or a mere status.

    A confidential one never appears in a list, count, export or publicity.
    """

    id: str
    name: Text
    of: Literal["household", "person"]
    paid: bool
    confidential: bool


@cache
def benefits() -> Mapping[str, Benefit]:
    """Return every benefit by its id."""
    return {
        row["id"]: Benefit(row["id"], Text(row["zh"], row["en"]), row["of"], row["paid"], row["confidential"])
        for row in rows_of("benefits")
    }


@cache
def public_benefits() -> Mapping[str, Benefit]:
    """Return the benefits that lists may show, by id: a confidential one appears in none."""
    return {one.id: one for one in benefits().values() if not one.confidential}


def benefit(id: str) -> Benefit:
    """Return the benefit. Raises ModelError for an id that is not in the list."""
    found = benefits().get(id)
    if found is None:
        known = "、".join(benefits())
        raise ModelError(
            Text(
                f"待遇应为 {known} 之一,但收到的是「{id}」,请检查流程或在 benefits.json 中登记。",
                f"Expected a benefit of {', '.join(benefits())}, but got {id!r}; mend the diagram or add it to the list.",
            )
        )
    return found


def public_name(id: str) -> Text:
    """Return how the benefit is called on papers and pages that others read too: a confidential one has no name there."""
    found = benefit(id)
    return _UNNAMED if found.confidential else found.name


# The same words for every confidential benefit.
_UNNAMED = Text("其他救助待遇", "Other assistance")
