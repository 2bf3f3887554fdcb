"""One row of the table of elements: what it does, a tiny diagram with it, and where tokens stand step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.diagram.tree import Diagram, Node
from tests.engine.spiff.drawing import diagram, end, start

NOTHING: Mapping[str, Any] = {}
Step = tuple[str, str, str, Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """``focus`` is the element told about; ``trace`` says what is done and where tokens stand then.

    A step is ``complete A``, ``choose A B``, ``fire b`` (time), ``send b`` (message), ``hear b`` (signal), ``answer J``
    or ``fail J E1`` (service). The first one is the start: ``""`` by hand, or what reaches a start event.
    """

    slug: str
    focus: str
    zh: str
    en: str
    does_zh: str
    does_en: str
    parts: tuple[str, ...]
    trace: tuple[tuple[str, str], ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    plain: bool = True

    @property
    def process(self) -> str:
        """Return the id of the row's process."""
        return self.slug.replace("-", "_")

    @property
    def begin(self) -> str | None:
        """Return the start event that something reaches, None where the case is started by hand."""
        return self.trace[0][0].rpartition(" ")[2] or None

    def drawn(self) -> Diagram:
        """Return the diagram; start ``s`` and end ``e`` are drawn for it unless the row is about them."""
        ends = (start("s"), end("e")) if self.plain else ()
        return diagram(self.process, *ends, *self.parts)

    def node(self) -> tuple[Node, Node | None]:
        """Return the element told about, and the sub-process it stands in."""
        scopes = self.drawn().executable.scopes()
        return next((scope.nodes[self.focus], owner) for owner, scope in scopes if self.focus in scope.nodes)


def row(names: str, does: str, focus: str, parts: tuple[str, ...], *trace: str, **more: Any) -> Row:
    """Write a row briefly: ``names`` and ``does`` as ``slug | 中文 | English``; steps as ``what -> where``."""
    slug, zh, en = (part.strip() for part in names.split("|"))
    does_zh, does_en = (part.strip() for part in does.split("|"))
    steps = tuple((what.strip(), where.strip()) for what, _, where in (step.partition("->") for step in trace))
    return Row(slug, focus, zh, en, does_zh, does_en, parts, steps, **more)
