"""The programmes an application is sorted into: one that gets a process of its own is a word in ``data/programmes.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from engine.errors import ModelError, Text
from workflows.registers.catalogue import rows_of


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme; without a ``process`` it is referred to an officer by hand."""

    id: str
    name: Text
    process: str | None


@cache
def programmes() -> Mapping[str, Programme]:
    """Return every programme by its id."""
    return {row["id"]: Programme(row["id"], Text(row["zh"], row["en"]), row["process"]) for row in rows_of("programmes")}


def programme(id: str) -> Programme:
    """Return the programme. Raises ModelError for an id that is not in the list."""
    found = programmes().get(id)
    if found is None:
        raise ModelError(
            Text(
                f"救助项目应为 {'、'.join(programmes())} 之一,但收到的是「{id}」,请检查流程或在 programmes.json 中登记。",
                f"Expected a programme of {', '.join(programmes())}, but got {id!r}; mend the diagram or add it.",
            )
        )
    return found
