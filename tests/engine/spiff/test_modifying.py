"""Tokens moved by hand: what ends, what starts, what is refused; a case stays sound whatever is chosen."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from engine.errors import Conflict, ModelError
from engine.model import Modification, TokenStart
from engine.spiff import Program
from tests.engine.spiff.drawing import (
    after,
    boundary,
    call,
    catch,
    diagram,
    end,
    event_gateway,
    exclusive,
    handler,
    message,
    parallel,
    repeat,
    script,
    start,
    sub,
    user,
)
from tests.engine.spiff.playing import Player, play, program
from tests.engine.spiff.test_random_blocks import CALLED, drawn, operate

DIAGRAMS, OPERATIONS = 60, 25


def modify(player: Player, ends: str = "", starts: str = "", within: str = "", **variables: Any) -> Player:
    """End the named elements, start the named ones; ``within`` is the element whose scope is meant."""
    whole = player.whole.movable()
    chosen = tuple(next(one.token for one in whole if one.element == name) for name in ends.split())
    scope = next((one.token for one in whole if one.element == within), None)
    begun = tuple(TokenStart(*(name.split("/") if "/" in name else ("p", name)), scope) for name in starts.split())
    return player.do(lambda run: run.modify(Modification(chosen, begun, variables)))


def built(*parts: str, called: bool = False) -> Program:
    return program(diagram("p", start("s"), end("e"), *parts), *([CALLED] if called else []))


def test_a_token_moves_back_with_what_listens_at_it() -> None:
    def scene(p: Player) -> None:
        p.user("A")
        modify(p, "B", "A")
        assert p.at == "A late~"
        p.tick()
        assert p.at == "L"

    play(built(user("A", "B", "L"), boundary("late", "A", after("P1D")), "s>A>B>e", "late>L>e"), scene)


def test_variables_are_set_before_anything_starts() -> None:
    def scene(p: Player) -> None:
        modify(p, "A", "x", k=3)
        assert p.at == "B"
        assert p.value("k") == 4

    flows = ["s>A>x", "x>y", "y>B [=k = 4]", "y>e default", "B>e"]
    play(built(user("A", "B"), script("x", "=k + 1", "k"), exclusive("y"), *flows), scene, values={"k": 0})


def test_an_element_inside_a_sub_process_begins_it_with_its_listeners_and_mappings() -> None:
    def scene(p: Player) -> None:
        modify(p, "A", "C")
        assert p.at == "C hs~ late~"
        assert p.user("C").at == "D"

    inner = (start("is"), user("B", "C"), end("ie"), "is>B>C>ie", handler("h", message("m1"), "H", interrupting=False))
    late = boundary("late", "S", message("m2"))
    play(built(user("A", "D", "L"), sub("S", *inner), late, "s>A>S>D>e", "late>L>e"), scene)


def test_a_sub_process_with_nothing_left_in_it_ends() -> None:
    def scene(p: Player) -> None:
        p.user("A")
        modify(p, "B", "D")
        assert p.at == "D"

    play(built(user("A", "D"), sub("S", start("is"), user("B"), end("ie"), "is>B>ie"), "s>A>S>D>e"), scene)


def test_a_called_process_is_begun_at_an_element_with_its_copies() -> None:
    def scene(p: Player) -> None:
        modify(p, "A", "q/qu")
        assert p.at == "qu"
        assert p.user("qu").at == "D"

    play(built(user("A", "D"), call("c", "q"), "s>A>c>D>e", called=True), scene)


def test_one_of_several_running_scopes_is_chosen() -> None:
    inner = (start("is"), user("B", "C"), end("ie"), "is>B>C>ie")
    p = Player(built(user("D"), sub("S", *inner, loop=repeat("=[1,2]", "it", sequential=False)), "s>S>D>e"))
    starts = [one for one in p.whole.possible_starts() if one.element == "C"]
    assert [one.item for one in starts] == [1, 2]
    second = [one for one in p.whole.movable() if one.element == "B"][1]
    with pytest.raises(Conflict, match="choose one"):
        p.do(lambda run: run.modify(Modification((second.token,), (TokenStart("p", "C"),))))
    p = Player(p.program)
    p.do(lambda run: run.modify(Modification((second.token,), (TokenStart("p", "C", starts[1].within),))))
    assert p.at == "B C"
    assert p.user("B").user("C").user("C").at == "D"


def test_an_event_behind_an_event_based_gateway_ends_with_the_gateway() -> None:
    def scene(p: Player) -> None:
        modify(p, "g", "A")
        assert p.at == "A"

    parts = [event_gateway("g"), catch("m", message("m1")), catch("t", after("P1D")), user("A")]
    play(built(*parts, "s>g", "g>m>A", "g>t>A", "A>e"), scene)


REFUSED = [
    ("B", "", "cancel the case"),
    ("", "J", "joins branches"),
    ("B", "C", "would wait for one that cannot come"),
    ("", "late", "begun by something else"),
    ("", "nothing", "an element of the diagram"),
]


@pytest.mark.parametrize(("ends", "starts", "words"), REFUSED)
def test_what_could_not_go_on_is_refused_in_words(ends: str, starts: str, words: str) -> None:
    parts = [user("A", "B", "C", "L"), parallel("P", "J"), boundary("late", "A", message("m1"))]
    p = Player(built(*parts, "s>A>B>P", "P>C>J", "P>D>J", "J>e", "late>L>e", user("D")))
    p.user("A")
    with pytest.raises(Conflict, match=words) as told:
        modify(p, ends, starts)
    assert told.value.message.zh


def test_both_branches_together_are_fine() -> None:
    def scene(p: Player) -> None:
        modify(p, "A", "C D")
        assert p.user("C").at == "D J~"
        assert p.user("D").at == "DONE"

    parts = [user("A", "C", "D"), parallel("P", "J")]
    play(built(*parts, "s>A>P", "P>C>J", "P>D>J", "J>e"), scene)


def test_an_iteration_is_not_left_empty() -> None:
    inner = (start("is"), user("B"), end("ie"), "is>B>ie")
    p = Player(built(user("D"), sub("S", *inner, loop=repeat("=[1,2]", "it", sequential=False)), "s>S>D>e"))
    with pytest.raises(Conflict, match="left empty"):
        modify(p, "B")
    p = Player(p.program)
    assert modify(p, "S", "D").at == "D"


def random_plan(player: Player, random: Random) -> Modification:
    whole = player.whole
    tokens, starts = whole.movable(), whole.possible_starts()
    ends = random.sample(tokens, min(len(tokens), random.randrange(3)))
    begun = random.sample(starts, min(len(starts), random.randrange(3)))
    return Modification(
        tuple(one.token for one in ends), tuple(TokenStart(one.process, one.element, one.within) for one in begun),
        {"k": random.randrange(5)},
    )  # fmt: skip


def played(built: Program, seed: int, *, reload: bool) -> tuple[list[object], int]:
    """Move random tokens between random steps; after each the player scans invariants, rows and scopes."""
    random = Random(seed)
    moved = 0
    player = Player(built, {"k": 1}, reload=reload, services={"local": lambda seen: {"paid": 1}})
    history: list[object] = []
    for _ in range(OPERATIONS):
        plan = random_plan(player, random)
        try:
            player.loaded().modify(plan)
        except Conflict as refused:
            history.append(refused.message.en)
        else:
            player.do(lambda run, plan=plan: run.modify(plan))
            moved += 1
        if not operate(player, random):
            break
    return [*history, *player.history(), player.at, player.state], moved


def test_random_diagrams_stay_sound_whatever_is_moved_the_same_live_and_stored() -> None:
    total = 0
    for seed in range(DIAGRAMS):
        built = drawn(seed)
        results = []
        for reload in (False, True):
            try:
                results.append(played(built, seed, reload=reload))
            except ModelError as fault:
                results.append(([str(fault)], 0))
        assert results[0] == results[1], seed
        total += results[0][1]
    print(f"{DIAGRAMS} diagrams, {total} modifications")
    assert total > DIAGRAMS * 2
