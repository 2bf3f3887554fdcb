"""A case that is cancelled and undone: newest first, also out of sub-processes that still ran, then it ends."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine.errors import Conflict, ModelError, Text
from engine.spiff import Program, Run
from tests.engine.spiff.drawing import (
    COMPENSATE,
    after,
    boundary,
    call,
    diagram,
    end,
    parallel,
    repeat,
    service,
    start,
    sub,
    throw,
    undone_by,
    user,
)
from tests.engine.spiff.playing import Player, play, program


def built(*parts: str) -> Program:
    called = diagram("q", start("qs"), user("qa", "qb"), undone_by("qa", "qh"), end("qe"), "qs>qa>qb>qe")
    return program(diagram("p", start("s"), end("e"), *parts), called)


def cancel(player: Player) -> Player:
    return player.do(Run.cancel_undoing)


def undone(*names: str) -> list[str]:
    return [undone_by(name, f"h{name}") for name in names]


def test_what_was_completed_is_undone_newest_first_and_the_case_ends() -> None:
    def scene(p: Player) -> None:
        p.user("A").user("B")
        assert p.run.undoable == 2
        cancel(p)
        assert p.at == "hB"
        assert p.timers() == []
        assert p.user("hB").at == "hA"
        assert not p.run.ended
        assert p.user("hA").at == "DONE"

    late = boundary("late", "C", after("P1D"))
    play(built(user("A", "B", "C", "L"), *undone("A", "B", "C"), late, "s>A>B>C>e", "late>L>e"), scene)


def test_with_nothing_to_undo_it_ends_at_once() -> None:
    play(built(user("A", "B"), "s>A>B>e"), lambda p: (p.user("A"), cancel(p), _ended(p)))


def undone_by_service(activity: str, type_: str) -> str:
    drawn = undone_by(activity, "back")
    task = drawn[drawn.index("<userTask") :]
    return drawn.replace(task, service("back", type_).replace("<serviceTask", '<serviceTask isForCompensation="true"'))


def _ended(player: Player) -> None:
    assert player.at == "DONE"


def test_what_a_running_sub_process_has_completed_is_undone_not_the_sub_process_as_a_whole() -> None:
    def scene(p: Player) -> None:
        p.user("A").user("B")
        assert p.run.undoable == 2
        cancel(p)
        assert p.at == "hB"
        assert p.user("hB").at == "hA"
        assert p.user("hA").at == "DONE"

    inner = (start("is"), user("B", "C"), *undone("B", "C"), end("ie"), "is>B>C>ie")
    play(built(user("A"), sub("S", *inner), *undone("A", "S"), "s>A>S>e"), scene)


def test_iterations_that_still_run_and_branches_are_undone_too() -> None:
    def scene(p: Player) -> None:
        p.user("B").user("B").user("A")
        cancel(p)
        names = []
        while not p.run.ended:
            names.append(p.at)
            p.user(p.at)
        assert sorted(names) == ["hA", "hB", "hB"]

    inner = (start("is"), user("B", "C"), *undone("B"), end("ie"), "is>B>C>ie")
    loop = repeat("=[1,2]", "it", sequential=False)
    drawn = [user("A", "D"), *undone("A"), parallel("P"), sub("S", *inner, loop=loop)]
    play(built(*drawn, "s>P", "P>A>D>e", "P>S>e"), scene)


def test_what_a_called_process_completed_is_its_own() -> None:
    def scene(p: Player) -> None:
        p.user("qa")
        cancel(p)
        assert p.at == "DONE"

    play(built(call("c", "q"), "s>c>e"), scene)


def test_a_service_that_undoes_waits_for_its_answer() -> None:
    def scene(p: Player) -> None:
        p.user("A")
        cancel(p)
        assert p.at == "back"
        assert p.job("back").at == "DONE"

    play(built(user("A", "B"), undone_by_service("A", "remote"), "s>A>B>e"), scene)


def test_it_is_not_undone_twice_but_may_be_ended_at_once() -> None:
    p = Player(built(user("A", "B"), *undone("A"), "s>A>B>e")).user("A")
    cancel(p)
    with pytest.raises(Conflict, match="under way"):
        cancel(p)
    assert Player.do(p, Run.cancel_all).at == "DONE"
    assert not p.run.case.scopes.kept


def test_while_the_diagram_undoes_something_itself_it_has_to_finish_first() -> None:
    p = Player(built(user("A", "Z"), *undone("A"), throw("t", COMPENSATE), "s>A>t>Z>e")).user("A")
    with pytest.raises(Conflict, match="under way"):
        cancel(p)


def test_a_fault_while_undoing_throws_the_step_away() -> None:
    def fails(_seen: Mapping[str, object]) -> Mapping[str, object]:
        raise ModelError(Text("坏了", "broken"))

    drawn = built(user("A", "B"), undone_by_service("A", "local"), "s>A>B>e")
    p = Player(drawn, services={"local": fails}, reload=True).user("A")
    with pytest.raises(ModelError, match="broken"):
        cancel(p)
    assert p.loaded().waits()[0].element == "B"
