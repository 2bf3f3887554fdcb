"""States that earlier releases stored are still read: one golden state a format, never changed, only added to."""

import pytest

from engine.spiff import Run, check_invariants
from tests.engine.spiff.drawing import boundary, diagram, end, io, parallel, repeat, start, sub, timer, user
from tests.engine.spiff.playing import Player, numbers, program

FORMAT_1 = bytes.fromhex(
    "9801a1700ec29495010040a523726f6f74c095040110a141c095050408a16281a574696d657298b9323032362d30312d33315430383a3030"
    "3a30302b30383a3030b9323032362d30312d33315431303a30303a30302b30383a3030b9323032362d30312d33315430383a30303a30302b"
    "30383a3030a4505431480102c0c295060120a2696ec0919306a4702f696e9395070040a523726f6f74c095090720a14383a5746f74616c02"
    "a4646f6e6501a46e65787402950d0910a7435b6974656d5d82a16901a46974656da13294930000c0930601c0930902c0930d03c09491a569"
    "74656d7391a56c6f63616c92a6236974656d73aa23726573756c74732e3093a3676f74ab6c6f6f70436f756e746572a26974"
)


@pytest.mark.parametrize("state", [FORMAT_1])
def test_a_golden_state_is_read_and_goes_on(state: bytes) -> None:
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
    player = Player(built, {"items": [1, 2]})
    stored = {(9, "#items"): [1, 2], (9, "#results.0"): [7, None], (13, "it"): 2, (13, "loopCounter"): 2}
    player.rows.rows.update({key: numbers({"v": value})["v"] for key, value in stored.items()})
    run = Run.load(built, state, player.environment, player.rows)
    assert run.save() == state
    assert [(wait.element, wait.kind, wait.item) for wait in run.waits()] == [
        ("A", "user_task", None),
        ("b", "timer", None),
        ("C", "user_task", "2"),
    ]
    run.complete(13, numbers({"got": 8}))
    run.complete(4, {})
    assert run.advance() is None
    assert not check_invariants(run)
    assert run.view()["all"] == [7, 8]
    assert [wait.element for wait in run.waits()] == ["Z"]
