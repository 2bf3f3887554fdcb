"""What is wrong with a notice template."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import ModelError, Text
from engine.model import Finding, Position


class DocumentError(ModelError):
    """A template that cannot become a notice; ``findings`` name every line."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(findings[0].message, findings[0].element)
        self.findings = tuple(findings)


class Complaints:
    """Collects the findings of one template."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def add(self, line: int, message: Text, *, column: int = 1, rule: str = "document-template") -> None:
        """Record one finding at a place of the file."""
        self.findings.append(Finding(self.file, None, Position(line, column), rule, "error", message))

    def raise_if_any(self) -> None:
        """Raise DocumentError when something was found."""
        if self.findings:
            raise DocumentError(self.findings)
