"""One drawing of the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.diagram.tree import Diagram
from tests.engine.elements.activities import KEY


@dataclass(frozen=True)
class Cell:
    """``name`` says what stands where; ``begin`` is the start event that is reached, None for the plain one."""

    name: str
    drawn: Diagram
    values: Mapping[str, Any] = field(default_factory=lambda: KEY)
    begin: str | None = None
