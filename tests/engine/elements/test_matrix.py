"""Nothing is silent: every cell of the matrix is refused in words that name its element, or runs to an end."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from engine.checking import ServiceNames, check_bundle
from engine.diagram.supported import SUPPORTED, construct_of
from engine.errors import ModelError, Text
from engine.model import Bundle, Evaluation, Finding, Role
from engine.spiff import Wait, build
from tests.engine.elements.conftest import SIZE
from tests.engine.elements.matrix import Cell, cells
from tests.engine.elements.table import CALLED
from tests.engine.spiff.playing import Player

SERVICES = ServiceNames(frozenset(), frozenset({"remote"}))
ROLES = {"clerk": Role("clerk", Text("经办员", "Clerk"), "township", may=frozenset({"work"}))}


def bundle(process: str, xml: bytes, called: dict[str, Bundle]) -> Bundle:
    files = {f"{process}.bpmn": xml, "size.dmn": SIZE.encode()}
    return Bundle(process, files, {}, ROLES, frozenset(), {}, called, "")


OTHER = {name: bundle(name, drawn.xml, {}) for name, drawn in CALLED.items()}
CELLS = {cell.name: cell for cell in cells()}
DRAWN = {"x", "in", "h"}
"""The element in question, the sub-process it stands in and the activity or handler it belongs to."""

Found = dict[str, list[Finding]]
pytestmark = pytest.mark.xdist_group("matrix")


@pytest.fixture(scope="module")
def everything() -> Found:
    """The errors found in each cell."""
    return {
        name: [one for one in check_bundle(bundle("p", cell.drawn.xml, OTHER), SERVICES) if one.severity == "error"]
        for name, cell in CELLS.items()
    }


def test_every_refusal_names_the_element_and_says_in_both_languages_what_to_do(everything: Found) -> None:
    refused = {name: found for name, found in everything.items() if found}
    assert len(refused) > 100
    for name, found in refused.items():
        assert all(map(_is_helpful, found)), (name, found)
        assert DRAWN & {one.element for one in found}, (name, found)


def _is_helpful(finding: Finding) -> bool:
    zh, en = finding.message.zh, finding.message.en
    return finding.element is not None and "Expected" in en and bool(re.search("[一-鿿]", zh)) and ("请" in zh)


def test_everything_else_runs_to_an_end(everything: Found) -> None:
    stopped = {}
    accepted = [name for name, found in everything.items() if not found]
    assert len(accepted) > 150
    for name in accepted:
        try:
            where = driven(CELLS[name])
        except AssertionError as broken:
            where = str(broken)[:300]
        except ModelError as uncaught:
            where = "DONE" if name.startswith("error end") and uncaught.element == "x" else str(uncaught)
        if where != "DONE":
            stopped[name] = where
    assert stopped == {}


def test_the_table_of_what_runs_is_what_the_matrix_shows(everything: Found) -> None:
    shown = set()
    for name, found in everything.items():
        for owner, scope in CELLS[name].drawn.executable.scopes():
            shown |= {construct_of(node, owner) for node in scope.nodes.values() if not found and node.id == "x"}
    assert shown <= SUPPORTED
    missing = {kind for kind in SUPPORTED - shown if kind[0] not in ("eventBasedGateway", "subProcess", "sendTask")}
    with_a_partner = {"compensation": "boundaryEvent", "cancel": "endEvent", "link": "intermediateThrowEvent"}
    assert missing == {(kind, event, "-") for event, kind in with_a_partner.items()}, "these have rows of their own"


def driven(cell: Cell) -> str:
    """Return where the case stands once everything that may happen has, each event once."""
    player = Player(
        build(cell.drawn, CALLED), cell.values, reload=True, decide=lambda name, context: Evaluation(Decimal(2))
    )
    happened: set[str] = set()
    for _ in range(30):
        waits = [
            wait for wait in player.whole.waits() if wait.kind in ("user_task", "job") or wait.element not in happened
        ]
        if not waits:
            break
        wait = min(waits, key=lambda one: (one.kind in ("user_task", "job"), one.token))
        happened.add(wait.element)
        move(player, wait, cell)
    return player.at


def move(player: Player, wait: Wait, cell: Cell) -> None:
    if wait.kind == "timer":
        player.do(lambda run: run.fire(wait.token))
    elif wait.kind in ("message", "signal"):
        player.do(lambda run: run.deliver(wait.token, {}))
    elif wait.kind == "conditional":
        player.do(lambda run: run.write({"amount": Decimal(20)}))
    elif wait.kind == "user_task":
        player.do(lambda run: run.complete(wait.token, {}))
    elif "errorEventDefinition" in cell.drawn.xml.decode() and "error " in cell.name and "catch" not in cell.name:
        player.do(lambda run: run.job_error(wait.token, "E1", {}))
    else:
        player.do(lambda run: run.job_done(wait.token, {}))
