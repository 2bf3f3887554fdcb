"""The programmes an application is sorted into: one that gets a process of its own is a word in ``data/programmes.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from engine.errors import ModelError, Text


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme; without a ``process`` it is referred to an officer by hand."""

    id: str
    name: Text
    process: str | None


@cache
def programmes() -> Mapping[str, Programme]:
    """Return every programme by its id."""
    file = resources.files("workflows.registers") / "data" / "programmes.json"
    rows = json.loads(file.read_text("utf-8"))
    return {row["id"]: Programme(row["id"], Text(row["zh"], row["en"]), row["process"]) for row in rows}


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
