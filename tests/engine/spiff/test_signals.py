"""Signals: heard at once by all of the own case that wait, told to the command for all other cases."""

from tests.engine.spiff.drawing import (
    boundary,
    catch,
    diagram,
    end,
    handler,
    io,
    parallel,
    repeat,
    signal,
    start,
    sub,
    throw,
    user,
)
from tests.engine.spiff.playing import play, program


def drawn(*parts: str) -> object:
    return program(diagram("p", start("s"), end("e"), *parts))


def test_a_signal_is_a_subscription_without_key_and_comes_with_values() -> None:
    built = drawn(catch("c", signal()), user("A"), "s>c>A>e")

    def scene(p):
        waits = [(one.kind, one.message, one.key) for one in p.steps[0].subscriptions]
        assert waits == [("signal", "sig1", "")]
        assert [wait.kind for wait in p.run.waits()] == ["signal"]
        p.hear("c", level=2)
        assert (p.at, p.value("level")) == ("A", 2)

    play(built, scene)


def test_a_thrown_signal_is_heard_by_all_of_the_own_case_and_reported_for_others() -> None:
    listening = boundary("b", "X", signal(), False)
    built = drawn(
        parallel("g"),
        user("T", "X", "H", "A"),
        listening,
        catch("c", signal()),
        catch("d", signal("sig2")),
        throw("t", signal(), io({"level": "=2"})),
        "s>g",
        "g>T>t>e",
        "g>X>e",
        "b>H>e",
        "g>c>A>e",
        "g>d>e",
    )

    def scene(p):
        p.user("T")
        assert p.at == "A H X b~ d~"
        assert [(one.element, one.signal, one.variables) for one in p.steps[-1].signals] == [
            ("t", "sig1", {"level": 2})
        ]
        assert p.value("level") == 2

    play(built, scene)


def test_a_signal_is_not_kept_for_what_comes_to_wait_later() -> None:
    built = drawn(throw("t", signal()), catch("c", signal()), "s>t>c>e")
    assert play(built, lambda p: None).at == "c~"


def test_a_thrower_ended_by_its_own_signal_does_not_come_back() -> None:
    inner = sub("in", start("is"), throw("t", signal()), user("N"), end("ie"), "is>t>N>ie")
    built = drawn(inner, boundary("b", "in", signal()), user("R"), "s>in>e", "b>R>e")
    assert play(built, lambda p: None).at == "R"


def test_an_event_sub_process_hears_signals_once_an_iteration() -> None:
    loop = repeat("=[1,2]", "it", sequential=False)
    inner = sub("in", start("is"), user("A"), end("ie"), "is>A>ie", handler("h", signal(), "H", False), loop=loop)
    built = drawn(inner, "s>in>e")

    def scene(p):
        p.hear("hs", 1)
        assert p.at == "A A H hs~ hs~"

    play(built, scene)


def test_a_signal_end_event_ends_and_is_heard() -> None:
    built = drawn(
        parallel("g"), user("T"), end("x", signal()), catch("c", signal()), user("A"), "s>g", "g>T>x", "g>c>A>e"
    )

    def scene(p):
        p.user("T")
        assert (p.at, [one.element for one in p.steps[-1].left]) == ("A", ["T", "x", "c"])

    play(built, scene)
