"""Definitions are frozen and shared."""

import pytest

from engine.spiff import fingerprint
from tests.engine.spiff.drawing import (
    diagram,
    end,
    start,
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
