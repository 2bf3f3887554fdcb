"""What is wrong with a decision file, collected so that a designer sees everything at once."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import ModelError, Text
from engine.model import Finding, Position


class DmnError(ModelError):
    """A decision file that cannot be executed faithfully; ``findings`` name every place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(findings[0].message, findings[0].element)
        self.findings = tuple(findings)


class Complaints:
    """Collects the findings of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def add(self, element: str | None, line: int, rule: str, message: Text) -> None:
        """Record one finding at a line of the file."""
        position = Position(line, 1) if line else None
        self.findings.append(Finding(self.file, element, position, rule, "error", message))
