"""Findings as people and as programs read them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from engine.model import Finding


def as_json(finding: Finding) -> dict[str, Any]:
    """Return ``{file, element, position, rule, severity, message: {zh, en}}``."""
    position = finding.position
    return {
        "file": finding.file,
        "element": finding.element,
        "position": {"line": position.line, "column": position.column} if position else None,
        "rule": finding.rule,
        "severity": finding.severity,
        "message": {"zh": finding.message.zh, "en": finding.message.en},
    }


def within(folder: str, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings with their files named below the folder they were found in."""
    return [replace(finding, file=f"{folder}/{finding.file}") for finding in findings]


def show(findings: Sequence[Finding], *, as_data: bool, language: str) -> None:
    """Print the findings."""
    if as_data:
        click.echo(json.dumps([as_json(finding) for finding in findings], ensure_ascii=False, indent=2))
        return
    for finding in findings:
        place = f"{finding.file}:{finding.position.line}" if finding.position else finding.file
        element = f" [{finding.element}]" if finding.element else ""
        click.echo(f"{place}{element} {finding.severity} {finding.rule}: {finding.message.in_language(language)}")
    if not findings:
        click.echo("No findings.")


def has_errors(findings: Sequence[Finding]) -> bool:
    """Return whether anything found forbids deploying."""
    return any(finding.severity == "error" for finding in findings)
