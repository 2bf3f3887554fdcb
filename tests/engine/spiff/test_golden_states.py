"""States that earlier releases stored are still read: golden files of each format, never changed, only added to."""

import json
from pathlib import Path

from engine.model import Iteration
from engine.spiff import Program, check_invariants
from tests.engine.spiff.drawing import (
    after,
    boundary,
    diagram,
    end,
    io,
    parallel,
    repeat,
    start,
    sub,
    timer,
    user,
)
from tests.engine.spiff.playing import Player, numbers, program

STATES = Path(__file__).parents[2] / "data" / "states"


def put_back(name: str, built: Program, values: dict[str, object]) -> Player:
    """Return a case as the golden file has it, instead of what it is now."""
    golden = json.loads((STATES / f"{name}.json").read_text())
    player = Player(built, values, reload=True)
    stored = {(scope, key): numbers({"v": value})["v"] for scope, key, value in golden["variables"]}
    player.rows.rows |= stored
    player.kept.rows = {}
    for row in golden["iterations"]:
        state, own = bytes.fromhex(row["state"]), numbers(row["values"])
        player.kept.rows[row["token"]] = Iteration(**row | {"state": state, "values": own})
    player.kept.inside = dict(golden.get("inside", ()))
    player.kept.found = {}
    for body, position, value in golden.get("results", ()):
        player.kept.found.setdefault(body, {})[position] = numbers({"v": value})["v"]
    player.state = bytes.fromhex(golden["state"])
    player.steps.clear()
    player.run = player.loaded()
    player.waiting = {wait.token: wait.element for wait in player.whole.waits()}
    assert not check_invariants(player.whole)
    return player


def test_format_1_with_a_sequential_multi_instance_and_a_reminder() -> None:
    loop = repeat("=items", "it", out="all", out_element="=got")
    inner = sub("in", start("is"), user("C", loop=loop), end("ie"), "is>C>ie", extra=io({"local": "=1"}))
    reminder = boundary("b", "A", timer("timeCycle", "R3/PT1H"), False)
    built = program(
        diagram(
            "p",
            start("s"),
            parallel("g", "j"),
            user("A", "H", "Z"),
            reminder,
            inner,
            end("e"),
            "s>g",
            "g>A>j",
            "g>in>j",
            "b>H>e",
            "j>Z>e",
        )
    )
    player = put_back("sequential_1", built, {"items": [1, 2]})
    assert [(wait.element, wait.kind, wait.item) for wait in player.run.waits()] == [
        ("A", "user_task", None),
        ("b", "timer", None),
        ("C", "user_task", "2"),
    ]
    run = player.run
    run.complete(13, numbers({"got": 8}))
    run.complete(4, {})
    assert run.advance() is None
    assert not check_invariants(run)
    assert run.view()["all"] == [7, 8]
    assert [wait.element for wait in run.waits()] == ["Z"]


def of_items() -> Program:
    inner = sub(
        "in",
        start("is"),
        user("A", "B"),
        boundary("b", "A", after("P1D"), False),
        user("N"),
        end("ie"),
        "is>A>B>ie",
        "b>N>ie",
        extra=io({"local": "=it"}),
        loop=repeat("=items", "it", sequential=False, out="all", out_element="=got"),
    )
    return program(diagram("p", start("s"), inner, user("Z"), end("e"), "s>in>Z>e"))


def finish_items(player: Player) -> None:
    assert player.at == "A A N b~"
    assert [wait.item for wait in player.whole.waits()] == ["1", "1", "3", "3"]
    player.user("A").user("A").user("N").user("B", 1, got=9).user("B", got=4)
    assert (player.at, player.value("all")) == ("Z", [4, 5, 9])
    player.user("Z")
    assert player.at == "DONE"


def test_format_1_keeps_the_iterations_of_a_parallel_multi_instance_in_the_state() -> None:
    player = put_back("parallel_1", of_items(), {"items": [1, 2, 3]})
    assert not player.run.divided
    finish_items(player)


def test_format_2_keeps_them_apart() -> None:
    player = put_back("parallel_2", of_items(), {"items": [1, 2, 3]})
    assert player.run.divided
    finish_items(player)
