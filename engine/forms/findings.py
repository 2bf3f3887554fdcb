"""What is wrong with a form file, collected while it is compiled."""

from __future__ import annotations

import json
from collections.abc import Sequence

from engine.errors import ModelError, Text
from engine.model import Finding, Position, Severity


class FormError(ModelError):
    """A form file that cannot be used; ``findings`` says everything that is wrong with it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(findings[0].message, findings[0].element)
        self.findings = tuple(findings)


class Report:
    """Collects findings on one file and knows the line of each component."""

    def __init__(self, file: str, text: str = "") -> None:
        self.file = file
        self.text = text
        self.findings: list[Finding] = []

    def add(self, rule: str, element: str | None, message: Text, severity: Severity = "error") -> None:
        """Return nothing; keep one finding on a component (None: on the file)."""
        self.findings.append(Finding(self.file, element, self._position(element), rule, severity, message))

    def raise_errors(self) -> None:
        """Return nothing; raise FormError when an error was found."""
        errors = [finding for finding in self.findings if finding.severity == "error"]
        if errors:
            raise FormError(errors)

    def _position(self, element: str | None) -> Position | None:
        at = self.text.find(json.dumps(element, ensure_ascii=False)) if element else -1
        if at < 0:
            return None
        start = self.text.rfind("\n", 0, at) + 1
        return Position(self.text.count("\n", 0, at) + 1, at - start + 1)
