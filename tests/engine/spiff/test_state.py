"""Stored state: small, flat, without variables, and read back exactly."""

from time import process_time

import msgspec
import pytest

from engine.errors import ModelError
from engine.spiff import Run
from tests.engine.spiff.drawing import (
    after,
    boundary,
    diagram,
    end,
    exclusive,
    handler,
    message,
    parallel,
    script,
    service,
    start,
    sub,
    user,
)
from tests.engine.spiff.playing import Player, play, program


def test_ten_thousand_rounds_of_a_loop_cost_the_same_and_leave_the_same_state() -> None:
    built = program(
        diagram(
            "p",
            start("s"),
            exclusive("m", "x"),
            user("A"),
            script("c", "=n + 1", "n"),
            end("e"),
            "s>m>A>c>x",
            "x>m [=n < 10000]",
            "x>e default",
        )
    )
    played = Player(built, {"n": 0}, reload=True)
    marks: dict[int, float] = {}
    rounds = 0
    while not played.run.ended:
        if rounds in (10, 100, 1000, 9900):
            marks[rounds] = -process_time()
        played.user("A")
        played.steps.clear()
        played.rows.loads.clear()
        rounds += 1
        if rounds - 50 in marks:
            marks[rounds - 50] = (marks[rounds - 50] + process_time()) / 50 * 1e3
    print("ms per round with load and save:", {k: round(v, 3) for k, v in marks.items()}, "bytes", played.sizes[-2])
    assert (rounds, played.value("n")) == (10_000, 10_000)
    assert max(played.sizes[1:-1]) - min(played.sizes[1:-1]) < 20
    assert max(played.sizes) < 300


def test_a_rich_loop_of_a_thousand_rounds_stays_small() -> None:
    built = program(
        diagram(
            "p",
            start("s"),
            exclusive("m", "x"),
            parallel("g", "j"),
            user("A", "B", "H", "Z"),
            boundary("b", "A", after("P1D"), False),
            sub("in", start("is"), user("C"), end("ie"), "is>C>ie"),
            service("J", "remote"),
            end("e"),
            "s>m>g",
            "g>A>j",
            "g>B>j",
            "b>H>e",
            "j>in>J>x",
            "x>m [=again]",
            "x>Z>e default",
            handler("h", message("m1"), "K", False),
        )
    )

    played = Player(built, {"again": True}, reload=True)
    sizes: list[int] = []
    for n in range(1000):
        if n % 50 == 0:
            played.tick()
            played.user("H")
        played.user("A").user("B").user("C")
        if n % 100 == 0:
            played.send("hs")
            played.user("K")
        played.job("J", again=True)
        del played.steps[:-4]
        sizes.append(played.sizes[-1])
    print("bytes after rounds 10, 100, 1000:", sizes[9], sizes[99], sizes[999])
    assert sizes[999] - sizes[9] < 40
    assert len(played.run.case.index) < 12


def test_variables_are_not_in_the_state() -> None:
    built = program(diagram("p", start("s"), user("A"), end("e"), "s>A>e"))
    played = Player(built, {"secret": "张三的身份证号"})
    assert "张三的身份证号".encode() not in played.state
    assert len(played.state) < 100


@pytest.mark.parametrize("state", [b"", b"nonsense", msgspec.msgpack.encode([9, "p", 1, False, [], [], [], []])])
def test_what_is_no_state_of_this_program_is_refused(state: bytes) -> None:
    built = program(diagram("p", start("s"), user("A"), end("e"), "s>A>e"))
    played = Player(built)
    with pytest.raises(ModelError):
        Run.load(built, state, played.environment, played.rows)


def test_the_state_of_another_diagram_is_refused() -> None:
    one = program(diagram("p", start("s"), user("A"), end("e"), "s>A>e"))
    other = program(diagram("p", start("s"), user("B"), end("e"), "s>B>e"))
    played = Player(one)
    with pytest.raises(ModelError):
        Run.load(other, played.state, played.environment, played.rows)


def test_a_cancelled_case_leaves_no_token_and_no_waiting_row() -> None:
    inner = sub("in", start("is"), user("C"), end("ie"), "is>C>ie")
    built = program(
        diagram(
            "p",
            start("s"),
            parallel("g"),
            user("A"),
            boundary("b", "A", after("P1D")),
            inner,
            end("e"),
            "s>g",
            "g>A>e",
            "g>in>e",
            "b>e",
        )
    )

    def scene(p: Player) -> None:
        p.do(lambda run: run.cancel_all())
        step = p.steps[-1]
        assert (p.at, step.ended, step.end_event) == ("DONE", True, None)
        assert {one.outcome for one in step.left} == {"cancelled"}

    play(built, scene)
