"""What becomes of every cell of the matrix; ``python -m tests.engine.elements.outcomes`` writes the table anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from engine.checking import ServiceNames, check_bundle
from engine.errors import ModelError, Text
from engine.model import Bundle, Evaluation, Finding, Role
from engine.spiff import Wait, build
from tests.engine.elements.cell import Cell
from tests.engine.elements.conftest import SIZE
from tests.engine.elements.matrix import cells
from tests.engine.elements.pairings import pairings
from tests.engine.elements.surroundings import surroundings
from tests.engine.elements.table import CALLED
from tests.engine.spiff.playing import Player

TABLE = Path(__file__).with_name("outcomes.txt")
SERVICES = ServiceNames(frozenset(), frozenset({"remote"}))
ROLES = {"clerk": Role("clerk", Text("经办员", "Clerk"), "township", may=frozenset({"work"}))}
MOST = 30


@cache
def every_cell() -> Mapping[str, Cell]:
    """Return all cells by name."""
    found = [*cells(), *pairings(), *surroundings()]
    assert len(found) == len({cell.name for cell in found}), "each cell needs a name of its own"
    return {cell.name: cell for cell in found}


def bundle(process: str, xml: bytes, called: Mapping[str, Bundle]) -> Bundle:
    """Return the folder of one drawing."""
    files = {f"{process}.bpmn": xml, "size.dmn": SIZE.encode()}
    return Bundle(process, files, {}, ROLES, frozenset(), {}, called, "")


OTHER = {name: bundle(name, drawn.xml, {}) for name, drawn in CALLED.items()}


@cache
def refusals(name: str) -> tuple[Finding, ...]:
    """Return why a deployment of the cell is refused, nothing where it is not."""
    found = check_bundle(bundle("p", every_cell()[name].drawn.xml, OTHER), SERVICES)
    return tuple(one for one in found if one.severity == "error")


def outcome(name: str) -> str:
    """Return one line: the rules that refuse it and where, or where tokens stand after each thing that happens."""
    if refused := refusals(name):
        return "refused: " + ", ".join(dict.fromkeys(f"{one.rule} at {one.element}" for one in refused))
    return "runs: " + " / ".join(driven(every_cell()[name]))


def driven(cell: Cell) -> Iterator[str]:
    """Yield where the case stands at first and after each thing that happens, each event once."""
    try:
        yield from _driven(cell)
    except ModelError as uncaught:
        yield f"incident at {uncaught.element}"


def _driven(cell: Cell) -> Iterator[str]:
    player = Player(
        build(cell.drawn, CALLED), cell.values, reload=True, begin=cell.begin,
        decide=lambda name, context: Evaluation(Decimal(2)),
    )  # fmt: skip
    yield player.at
    happened: set[int] = set()
    for _ in range(MOST):
        waits = [
            wait for wait in player.whole.waits() if wait.kind in ("user_task", "job") or wait.token not in happened
        ]
        if not waits:
            return
        wait = min(waits, key=lambda one: (one.kind in ("user_task", "job"), one.element != "x", one.token))
        happened.add(wait.token)
        _move(player, wait, cell)
        yield player.at


def _move(player: Player, wait: Wait, cell: Cell) -> None:
    if wait.kind == "timer":
        player.do(lambda run: run.fire(wait.token))
    elif wait.kind in ("message", "signal"):
        player.do(lambda run: run.deliver(wait.token, {}))
    elif wait.kind == "conditional":
        player.do(lambda run: run.write({"amount": Decimal(20)}))
    elif wait.kind == "user_task":
        player.do(lambda run: run.complete(wait.token, {}))
    elif cell.name.startswith("error ") and "catch" not in cell.name:
        player.do(lambda run: run.job_error(wait.token, "E1", {}))
    else:
        player.do(lambda run: run.job_done(wait.token, {}))


def table(outcomes: Mapping[str, str]) -> str:
    """Return the table as it is kept."""
    return "".join(f"{name} -> {what}\n" for name, what in outcomes.items())


if __name__ == "__main__":
    TABLE.write_text(table({name: outcome(name) for name in every_cell()}), "utf-8")
