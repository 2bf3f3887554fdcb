"""What would never end is stopped, and the incident names the element."""

import pytest

from engine.errors import ModelError
from engine.spiff.limits import AUTOMATIC_ACTIVITIES, Budget
from tests.engine.spiff.drawing import call, diagram, end, exclusive, script, start, user
from tests.engine.spiff.playing import Player, program


def test_an_endless_loop_without_a_wait_is_stopped() -> None:
    built = program(diagram("p", start("s"), exclusive("m"), script("x", "=n + 1", "n"), "s>m>x>m"))
    with pytest.raises(ModelError, match="2000") as failure:
        Player(built, {"n": 0})
    assert failure.value.element in ("m", "x")


def test_a_wait_begins_the_count_anew() -> None:
    tasks = [f'<task id="t{n}"/>' for n in range(1500)]
    chain = ">".join(f"t{n}" for n in range(1500))
    built = program(diagram("p", start("s"), exclusive("m"), user("A"), *tasks, f"s>m>A>{chain}>m"))
    played = Player(built)
    for _ in range(3):
        played.user("A")
    assert played.at == "A"


def test_a_process_that_calls_itself_is_stopped_at_twenty_levels() -> None:
    drawn = diagram("p", start("s"), call("c", "p"), end("e"), "s>c>e")
    with pytest.raises(ModelError, match="20 levels") as failure:
        Player(program(drawn))
    assert failure.value.element == "c"


def test_a_called_process_that_is_missing_is_refused_when_built() -> None:
    with pytest.raises(ModelError, match="nowhere") as failure:
        program(diagram("p", start("s"), call("c", "nowhere"), end("e"), "s>c>e"))
    assert failure.value.element == "c"


def test_iterations_count_as_the_longest_of_them() -> None:
    budget = Budget()
    for iteration in range(1, 4):
        for _ in range(AUTOMATIC_ACTIVITIES):
            budget.spend("x", iteration, body=9)
    with pytest.raises(ModelError):
        budget.spend("x", 1, body=9)


@pytest.mark.parametrize(
    "element",
    [
        '<complexGateway id="x"/>',
    ],
)
def test_what_cannot_run_is_refused_when_built_and_never_skipped(element: str) -> None:
    with pytest.raises(ModelError) as failure:
        program(diagram("p", start("s"), element, end("e"), "s>x>e"))
    assert failure.value.element == "x"


def test_an_unreadable_expression_is_refused_when_built() -> None:
    with pytest.raises(ModelError) as failure:
        program(diagram("p", start("s"), script("x", "=1 +", "n"), end("e"), "s>x>e"))
    assert failure.value.element == "x"
