"""Conditional events fire when their condition turns true, in whatever step that happens."""

import pytest

from engine.errors import ModelError
from tests.engine.spiff.drawing import (
    after,
    boundary,
    catch,
    conditional,
    diagram,
    end,
    event_gateway,
    handler,
    io,
    parallel,
    start,
    sub,
    user,
)
from tests.engine.spiff.playing import Player, play, program


def drawn(*parts: str) -> object:
    return program(diagram("p", start("s"), end("e"), *parts))


def test_a_boundary_condition_fires_once_each_time_it_turns_true() -> None:
    watched = boundary("b", "A", conditional("=amount > 10"), False)
    built = drawn(parallel("g"), user("A", "B", "C", "D", "H"), watched, "s>g", "g>A>e", "g>B>C>D>e", "b>H>e")

    def scene(p: Player) -> None:
        assert [(one.kind, one.message) for one in p.steps[0].subscriptions] == [("conditional", "amount > 10")]
        assert p.user("B", amount=50).at == "A C H b~"
        assert p.user("C", amount=60).at == "A D H b~"
        assert p.user("D", amount=5).at == "A H b~"
        p.do(lambda run: run.write({"amount": 11}))
        assert p.at == "A H H b~"

    play(built, scene)


def test_what_is_not_known_yet_does_not_hold_and_what_holds_on_arrival_fires_at_once() -> None:
    built = drawn(catch("c", conditional("=amount > 10")), user("A"), "s>c>A>e")

    def scene(p: Player) -> None:
        assert (p.at, [wait.kind for wait in p.run.waits()]) == ("c~", ["conditional"])
        p.do(lambda run: run.write({"amount": 11}))
        assert p.at == "A"

    play(built, scene)
    assert play(built, lambda p: None, values={"amount": 12}).at == "A"


def test_a_condition_that_is_no_truth_value_is_an_incident() -> None:
    with pytest.raises(ModelError) as failure:
        Player(drawn(catch("c", conditional("=amount")), "s>c>e"), {"amount": 3})
    assert failure.value.element == "c"


def test_an_interrupting_handler_ends_its_scope_and_sees_its_variables() -> None:
    inner = sub(
        "in",
        start("is"),
        user("A", "B"),
        end("ie"),
        "is>A>B>ie",
        handler("h", conditional("=local = 3"), "H"),
        extra=io({"local": "=1"}),
    )
    built = drawn(inner, "s>in>e")
    assert play(built, lambda p: p.user("A", local=2)).at == "B hs~"
    assert play(built, lambda p: p.user("A", local=3)).at == "H"


def test_a_condition_is_one_of_the_events_after_an_event_gateway() -> None:
    built = drawn(
        parallel("g"),
        user("A", "X", "Y"),
        event_gateway("eg"),
        catch("c", conditional("=ready")),
        catch("d", after("P1D")),
        "s>g",
        "g>A>e",
        "g>eg",
        "eg>c>X>e",
        "eg>d>Y>e",
    )
    assert play(built, lambda p: p.user("A", ready=True)).at == "X"
    assert play(built, lambda p: p.fire("d")).at == "A Y"


def test_conditions_that_set_each_other_off_are_stopped() -> None:
    loop = sub(
        "k",
        start("ks", conditional("=n > 0"), 'isInterrupting="false"'),
        '<scriptTask id="x"><extensionElements><ns0:script xmlns:ns0="http://camunda.org/schema/zeebe/1.0" '
        'expression="=0" resultVariable="n"/></extensionElements></scriptTask>',
        '<scriptTask id="y"><extensionElements><ns0:script xmlns:ns0="http://camunda.org/schema/zeebe/1.0" '
        'expression="=1" resultVariable="n"/></extensionElements></scriptTask>',
        end("ke"),
        "ks>x>w>y>ke",
        '<intermediateCatchEvent id="w"><conditionalEventDefinition><condition>=n = 0</condition>'
        "</conditionalEventDefinition></intermediateCatchEvent>",
        attributes='triggeredByEvent="true"',
    )
    with pytest.raises(ModelError, match="2000"):
        Player(drawn(user("A"), loop, "s>A>e"), {"n": 1})
