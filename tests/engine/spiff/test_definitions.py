"""Definitions are frozen, shared and known ahead."""

import pytest

from engine.spiff import fingerprint
from engine.spiff.ahead import EVERYTHING
from tests.engine.spiff.drawing import (
    after,
    boundary,
    call,
    diagram,
    end,
    error,
    exclusive,
    io,
    message,
    repeat,
    rule,
    script,
    service,
    start,
    sub,
    user,
)
from tests.engine.spiff.playing import Player, program


def test_specs_cannot_be_changed() -> None:
    built = program(diagram("p", start("s"), user("A"), end("e"), "s>A>e"))
    scope = built.definitions["p"]
    with pytest.raises(AttributeError):
        scope.nodes["A"].flows = ()
    with pytest.raises(AttributeError):
        scope.entries = ()
    with pytest.raises(TypeError):
        scope.task_specs["A"] = None
    with pytest.raises(TypeError):
        built.definitions["p"] = scope


def test_the_fingerprint_sees_even_a_subscriber_of_an_event() -> None:
    built = program(diagram("p", start("s"), user("A"), end("e"), "s>A>e"))
    before = fingerprint(built.definitions)
    Player(built).user("A")
    assert built.fingerprint() == before
    built.definitions["p"].nodes["A"].completed_event.connect(print)
    assert built.fingerprint() != before


def test_what_a_step_reads_is_known_from_the_diagram() -> None:
    called = diagram(
        "q",
        start("qs"),
        script("qx", "=inside + 1", "y"),
        user("U"),
        script("far", "=beyond", "z"),
        end("qe"),
        "qs>qx>U>far>qe",
    )
    built = program(
        diagram(
            "p",
            start("s"),
            user("A", extra=io(outputs={"total": "=x + k"})),
            exclusive("g"),
            rule("D", "limit", "most"),
            service("J", "pay", extra=io({"amount": "=total"})),
            boundary("b", "J", error("E1")),
            script("H", "=handled", "h"),
            call("c", "q"),
            user("N"),
            boundary("late", "N", after('="P" + days + "D"')),
            script("after", "=never", "w"),
            end("e"),
            "s>A>g",
            "g>D [=choice = 1]",
            "D>J>c>N>after>e",
            "g>N default",
            "b>H>N",
            "late>e",
        ),
        called,
    )  # fmt: skip
    ahead = built.ahead("p", "A")
    assert ahead.names == {"x", "k", "choice", "total", "handled", "inside", "days", EVERYTHING}
    assert (ahead.decisions, ahead.services) == ({"limit"}, {"pay"})
    assert built.reads("q", "U") == {"beyond", "days"}
    with pytest.raises(KeyError):
        built.reads("p", "unknown")


def test_loops_and_sub_processes_are_followed_both_ways() -> None:
    loop = repeat("=items", "it", out="all", out_element="=it + got", until="=enough")
    inner = sub("in", start("is"), user("A"), end("ie"), "is>A>ie", loop=loop, extra=io(outputs={"o": "=out_of"}))
    built = program(
        diagram("p", start("s"), inner, boundary("b", "in", message("objection")), end("e"), "s>in>e", "b>e")
    )
    assert built.reads("p", "A") == {"it", "got", "enough", "out_of"}
    assert built.reads("p", "s") == {"items", "case_no", "it", "got", "enough"}
