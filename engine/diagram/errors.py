"""What stops a file from being read at all."""

from __future__ import annotations

from collections.abc import Iterable

from engine.errors import Rejected
from engine.model import Finding


class DiagramError(Rejected):
    """The file cannot be read; ``findings`` say where and what to do, the first one is the message."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__(self.findings[0].message)
