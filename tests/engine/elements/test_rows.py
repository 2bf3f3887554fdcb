"""Every element does what its row says: live, and with save and load at every step."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.diagram.supported import SUPPORTED, construct_of
from engine.model import Evaluation
from engine.spiff import build
from tests.engine.elements.row import Row
from tests.engine.elements.table import CALLED, ROWS
from tests.engine.spiff.playing import Player, play


def move(player: Player, what: str) -> None:
    verb, *names = what.split()
    if verb == "complete":
        player.user(names[0])
    elif verb == "choose":
        wanted = names[0] if names and "sequential" in player.program.entry else names
        player.user("ad", activate=wanted, finished=not names)
    elif verb == "fail":
        player.job_error(names[0], "E1")
    else:
        {"fire": player.fire, "send": player.send, "hear": player.hear, "answer": player.job}[verb](names[0])
    for sent in player.steps[-1].messages:
        waiting = next(one for step in player.steps for one in step.subscriptions if one.message == sent.message)
        assert waiting.key == sent.key
        player.send(waiting.element)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.slug)
def test_an_element_does_what_its_row_says(row: Row) -> None:
    built = build(row.drawn(), CALLED)

    def scene(player: Player) -> None:
        assert player.at == row.trace[0][1]
        for what, where in row.trace[1:]:
            move(player, what)
            assert player.at == where, what

    play(
        built,
        scene,
        values=row.values,
        begin=row.begin,
        services={"local": lambda seen: {}},
        decide=lambda name, context: Evaluation(Decimal(2)),
    )


def test_every_construct_that_runs_has_a_row() -> None:
    shown = {construct_of(node, owner) for row in ROWS for node, owner in drawn_nodes(row)}
    assert shown >= SUPPORTED


def drawn_nodes(row: Row) -> list[tuple[object, object]]:
    return [(node, owner) for owner, scope in row.drawn().executable.scopes() for node in scope.nodes.values()]
