"""Nothing is silent: every cell of the matrix is refused in words that name its element, or runs to an end."""

from __future__ import annotations

import re

import pytest

from engine.diagram.supported import SUPPORTED, construct_of
from engine.model import Finding
from tests.engine.elements.outcomes import TABLE, every_cell, outcome, refusals, table

CELLS = every_cell()
DRAWN = {"x", "y", "g", "in", "h", "p", "q", "c"}
"""The element in question, what it stands beside, in or on, and the process where it concerns the whole."""
INVOLVED = {"x", "y", "g", "h", "in", "ch"}

Found = dict[str, tuple[Finding, ...]]


@pytest.fixture(scope="module")
def everything() -> Found:
    """The errors found in each cell."""
    return {name: refusals(name) for name in CELLS}


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str]:
    """What becomes of each cell."""
    return {name: outcome(name) for name in CELLS}


def test_every_cell_has_the_outcome_of_the_table(outcomes: dict[str, str]) -> None:
    kept = dict(line.split(" -> ", 1) for line in TABLE.read_text("utf-8").splitlines())
    assert {name: what for name, what in outcomes.items() if kept.get(name) != what} == {}
    assert table(outcomes) == TABLE.read_text("utf-8"), "write it anew: python -m tests.engine.elements.outcomes"


def test_every_refusal_names_the_element_and_says_in_both_languages_what_to_do(everything: Found) -> None:
    refused = {name: found for name, found in everything.items() if found}
    assert len(refused) > 100
    for name, found in refused.items():
        assert all(map(_is_helpful, found)), (name, found)
        assert DRAWN & {one.element for one in found}, (name, found)


def _is_helpful(finding: Finding) -> bool:
    zh, en = finding.message.zh, finding.message.en
    return finding.element is not None and "Expected" in en and bool(re.search("[一-鿿]", zh)) and ("请" in zh)


def test_everything_else_runs_to_an_end_or_to_the_incident_of_an_error_nobody_catches(outcomes: dict[str, str]) -> None:
    running = {name: what for name, what in outcomes.items() if what.startswith("runs")}
    assert len(running) > 500
    stopped = {name: what for name, what in running.items() if not what.endswith("DONE")}
    assert all(name.startswith("error end") and what.endswith("incident at x") for name, what in stopped.items())


def test_the_table_of_what_runs_is_what_the_matrix_shows(everything: Found) -> None:
    shown = set()
    for name, found in everything.items():
        for owner, scope in CELLS[name].drawn.executable.scopes():
            shown |= {construct_of(node, owner) for node in scope.nodes.values() if not found and node.id in INVOLVED}
    assert SUPPORTED - shown == {("sendTask", "message", "-"), ("endEvent", "cancel", "-")}, "these have rows"
