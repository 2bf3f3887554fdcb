"""Splits, joins, default flows: counted per incoming flow, inclusive joins by reachability."""

import pytest

from engine.errors import ModelError
from tests.engine.spiff.drawing import (
    TERMINATE,
    after,
    boundary,
    catch,
    diagram,
    end,
    event_gateway,
    exclusive,
    inclusive,
    parallel,
    receive,
    script,
    start,
    sub,
    user,
)
from tests.engine.spiff.playing import Player, play, program


def drawn(*parts: str) -> object:
    return program(diagram("p", start("s"), end("e"), *parts))


@pytest.mark.parametrize(("amount", "where"), [(1, "A"), (5, "B"), (50, "C")])
def test_exclusive_takes_the_first_that_holds_else_the_default(amount: int, where: str) -> None:
    built = drawn(
        exclusive("x"), user("A", "B", "C"), "s>x", "x>A>e default", "x>B>e [=n > 1 and n < 10]", "x>C>e [=n > 1]"
    )
    assert play(built, lambda p: None, values={"n": amount}).at == where


def test_no_open_flow_is_an_incident_that_names_the_gateway() -> None:
    built = drawn(exclusive("x"), user("A"), "s>x", "x>A>e [=n > 1]")
    with pytest.raises(ModelError) as failure:
        Player(built, {"n": 0})
    assert failure.value.element == "x"


def test_a_condition_that_is_neither_true_nor_false_is_an_incident() -> None:
    built = drawn(exclusive("x"), user("A"), "s>x", "x>A>e [=missing > 1]", "x>e default")
    with pytest.raises(ModelError, match="true or false"):
        Player(built)


def test_a_parallel_join_fed_twice_on_one_flow_waits_and_keeps_the_excess() -> None:
    built = drawn(
        parallel("g", "j"), exclusive("m"), user("A", "B", "Z"), "s>g", "g>m", "g>m", "m>A>j", "g>B>j", "j>Z>e"
    )

    def scene(p: Player) -> None:
        p.user("A")
        p.user("A")
        assert p.at == "B j~ j~"
        p.user("B")
        assert p.at == "Z j~"

    play(built, scene)


def test_a_case_that_nobody_can_move_is_an_incident_at_the_join() -> None:
    built = drawn(exclusive("x"), parallel("j"), user("A", "B"), "s>x", "x>A>j [=true]", "x>B>j default", "j>e")
    played = Player(built)
    with pytest.raises(ModelError) as failure:
        played.user("A")
    assert failure.value.element == "j"


def test_an_exclusive_merge_lets_each_token_through() -> None:
    built = drawn(parallel("g"), exclusive("m"), user("A", "B", "Z"), "s>g", "g>A>m", "g>B>m", "m>Z>e")

    def scene(p: Player) -> None:
        p.user("A").user("B")
        assert p.at == "Z Z"
        p.user("Z").user("Z")
        assert p.at == "DONE"

    play(built, scene)


def test_a_parallel_block_in_a_loop() -> None:
    built = drawn(
        exclusive("m", "x"),
        parallel("g", "j"),
        user("A", "B", "L", "Z"),
        "s>m>g",
        "g>A>j",
        "g>B>j",
        "j>L>x",
        "x>m [=again]",
        "x>Z>e default",
    )

    def scene(p: Player) -> None:
        for round_ in range(3):
            p.user("A").user("B")
            assert p.at == "L"
            p.user("L", again=round_ < 2)
        assert p.at == "Z"

    play(built, scene)


@pytest.mark.parametrize(("n", "where"), [(1, "Z"), (3, "A"), (20, "A B")])
def test_inclusive_split_and_join(n: int, where: str) -> None:
    built = drawn(
        inclusive("g", "j"), user("A", "B", "Z"), "s>g", "g>A>j [=n > 2]", "g>B>j [=n > 10]", "g>j default", "j>Z>e"
    )

    def scene(p: Player) -> None:
        assert p.at == where
        for name in where.split():
            if name != "Z":
                p.user(name)
        assert p.at == "Z"

    play(built, scene, values={"n": n})


def test_an_inclusive_join_waits_only_for_what_can_still_come() -> None:
    built = drawn(
        parallel("g"),
        inclusive("j"),
        exclusive("x"),
        user("A", "B", "O", "Z"),
        "s>g",
        "g>A>j",
        "g>B>x",
        'x>j [=to = "j"]',
        "x>O>e default",
        "j>Z>e",
    )

    def scene(p: Player) -> None:
        p.user("A")
        assert p.at == "B j~"
        p.user("B", to="out")
        assert p.at == "O Z"

    play(built, scene)


def test_an_inclusive_join_may_be_reached_through_a_boundary_event() -> None:
    built = drawn(
        parallel("g"),
        inclusive("j"),
        user("A", "B", "O", "Z"),
        boundary("b", "B", after("P1D")),
        "s>g",
        "g>A>j",
        "g>B>O>e",
        "b>j",
        "j>Z>e",
    )

    def scene(p: Player) -> None:
        p.user("A")
        assert p.at == "B b~ j~"
        p.fire("b")
        assert p.at == "Z"

    play(built, scene)


def test_two_flows_between_the_same_nodes_are_two_flows() -> None:
    built = drawn(parallel("g", "j"), user("Z"), "s>g", "g>j", "g>j", "j>Z>e")
    assert play(built, lambda p: None).at == "Z"


def test_the_first_event_after_an_event_based_gateway_wins() -> None:
    built = drawn(
        event_gateway("g"), receive("R", "m1"), catch("T", after("P2D")), user("A", "B"), "s>g", "g>R>A>e", "g>T>B>e"
    )

    def timed_out(p: Player) -> None:
        assert p.at == "R~ T~"
        p.tick()
        assert p.at == "B"

    def answered(p: Player) -> None:
        p.send("R", note=1)
        assert (p.at, len(p.timers())) == ("A", 0)

    play(built, timed_out)
    played = play(built, answered)
    taken = [flow for step in played.steps for _, flow in step.flows]
    assert len(taken) == 3, "s>g, the chosen g>R, R>A; the flow to the timer was not taken"


def test_an_activity_splits_implicitly_and_by_condition() -> None:
    built = drawn(user("A", "B", "C", "D"), "s>A", "A>B>e", "A>C>e [=n > 1]", "A>D>e default")
    assert play(built, lambda p: p.user("A", n=2)).at == "B C"
    assert play(built, lambda p: p.user("A", n=0)).at == "B D"


def test_terminate_ends_only_its_scope() -> None:
    inner = sub(
        "in",
        start("is"),
        parallel("g"),
        user("A"),
        sub("deep", start("ds"), user("D"), end("de"), "ds>D>de"),
        end("t", TERMINATE),
        user("T"),
        "is>g",
        "g>A",
        "g>deep",
        "g>T>t",
    )
    built = drawn(inner, user("N"), "s>in>N>e")

    def scene(p: Player) -> None:
        assert p.at == "A D T"
        p.user("T")
        assert p.at == "N"
        outcomes = {one.element: one.outcome for one in p.steps[-1].left}
        assert outcomes == {
            "T": "completed",
            "A": "cancelled",
            "D": "cancelled",
            "deep": "cancelled",
            "t": "completed",
            "in": "completed",
        }

    play(built, scene)


def test_the_last_end_event_names_the_end_of_the_case() -> None:
    built = program(
        diagram(
            "p",
            start("s"),
            user("A"),
            exclusive("x"),
            end("paid", title="已发放"),
            end("no", title="不予"),
            "s>A>x",
            "x>paid [=ok]",
            "x>no default",
        )
    )
    step = play(built, lambda p: p.user("A", ok=True)).steps[-1]
    assert (step.ended, step.end_event, step.end_name) == (True, "paid", "已发放")


def test_a_long_chain_is_built_and_run() -> None:
    ids = [f"t{n}" for n in range(1500)]
    built = drawn(*[f'<task id="{name}"/>' for name in ids], "s>" + ">".join(ids) + ">e")
    assert Player(built).at == "DONE"


def test_script_results_decide() -> None:
    built = drawn(
        script("A", "=n * 2", "n"), exclusive("x"), user("B", "C"), "s>A>x", "x>B>e [=n = 4]", "x>C>e default"
    )
    assert play(built, lambda p: None, values={"n": 2}).at == "B"
