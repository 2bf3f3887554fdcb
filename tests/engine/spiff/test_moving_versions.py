"""A case moved to another version goes on there as an independent token game, or the same case unmoved, would."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from random import Random
from typing import Any

from engine.errors import ModelError
from engine.model import Obstacle
from engine.spiff import ElementMap, Program, fingerprint
from tests.engine.spiff.drawing import (
    after,
    boundary,
    catch,
    diagram,
    end,
    event_gateway,
    exclusive,
    handler,
    inclusive,
    message,
    parallel,
    repeat,
    start,
    sub,
    user,
)
from tests.engine.spiff.playing import Player, program
from tests.engine.spiff.simulator import Arc, Endless, Graph, Simulator, random_graph
from tests.engine.spiff.test_random_blocks import CALLED, Drawer, operate

GRAPHS, BLOCKS, STEPS = 150, 40, 16
DRAW = {"user": user, "exclusive": exclusive, "parallel": parallel, "inclusive": inclusive}


def same_ids(old: Program, new: Program, **renamed: str | None) -> ElementMap:
    """Every element to the one of its id, but for those named."""
    found: dict[tuple[str, str], str] = {}
    for definition in old.definitions.values():
        for node in definition.nodes.values():
            target = renamed.get(node.bpmn_id, node.bpmn_id)
            if target is not None:
                found[node.process, node.bpmn_id] = target
    return ElementMap(old, new, found)


def move(player: Player, elements: ElementMap) -> tuple[Obstacle, ...]:
    """Move a case as a command does; return what stands in the way instead."""
    run = player.loaded()
    found = run.obstacles(elements)
    if not found:
        player.run = run.transplanted(elements, player.environment, player.rows, player.kept)
        player.program = elements.target
        player.waiting = {wait.token: wait.element for wait in player.run.waits()}
        player._advance()
    return found


def reasons(player: Player, new: Program, **renamed: str | None) -> list[tuple[str, str]]:
    return [(one.reason, one.element) for one in move(player, same_ids(player.program, new, **renamed))]


# --- unstructured graphs, a task inserted on any flow


def flow_id(graph: Graph, arc: Arc) -> str:
    return f"{arc.source}_to_{arc.target}_{graph.arcs.index(arc)}"


def drawn(graph: Graph, ids: dict[Arc, str]) -> Program:
    nodes = "".join(DRAW[kind](name) for name, kind in graph.kinds.items())
    flows = ""
    for arc in graph.arcs:
        condition = f"<conditionExpression>{arc.condition.feel()}</conditionExpression>" if arc.condition else ""
        ends = f'sourceRef="{arc.source}" targetRef="{arc.target}"'
        flows += f'<sequenceFlow id="{ids[arc]}" {ends}>{condition}</sequenceFlow>'
        if arc.default:
            nodes = nodes.replace(f' id="{arc.source}"', f' id="{arc.source}" default="{ids[arc]}"', 1)
    return program(diagram("p", start("s"), end("e"), nodes, flows))


def with_a_task(graph: Graph, arc: Arc) -> Graph:
    """The graph with a user task on one of its flows."""
    number = graph.arcs.index(arc)
    arcs = (*graph.arcs[:number], replace(arc, target="new"), *graph.arcs[number + 1 :], Arc("new", arc.target))
    return Graph({**graph.kinds, "new": "user"}, arcs)


def moved_game(seed: int) -> tuple[str | None, bool]:
    """What differs after the move between engine and token game, if anything, and whether the case could be moved."""
    random = Random(seed)
    graph = random_graph(random)
    arc = random.choice(graph.arcs[1:])
    later = with_a_task(graph, arc)
    ids = {one: flow_id(graph, one) for one in graph.arcs}
    new_ids = {new: ids[old] for old, new in zip(graph.arcs, later.arcs, strict=False)} | {later.arcs[-1]: "added"}
    game = Simulator(graph)
    try:
        game.start()
        player = Player(drawn(graph, ids), {"k": 0}, reload=True)
        if not play(random, game, player, random.randrange(6)):
            return None, False
        if move(player, same_ids(player.program, drawn(later, new_ids))):
            return None, False
        number, marking = graph.arcs.index(arc), game.marking
        marking[len(later.arcs) - 1] = marking.pop(number, 0)
        game = Simulator(later, game.k, 0, marking, game.open)
        game._settle()
        play(random, game, player, STEPS)
    except Endless:
        return None, False
    except ModelError as failure:
        return (None if game.is_stuck() or game.moves > 1500 else str(failure)), False
    except AssertionError as failure:
        return str(failure), True
    return None, True


def play(random: Random, game: Simulator, player: Player, steps: int) -> bool:
    """Complete random tasks in both; return whether there is something left to do."""
    for _ in range(steps + 1):
        expected = game.places()
        got = [] if player.run.ended else player.at.split()
        assert got == expected, f"engine {got}, token game {expected}"
        tasks = [place for place in expected if not place.endswith("~")]
        if not tasks or len(expected) > 40:
            return False
        task, k = random.choice(tasks), random.randrange(12)
        game.complete(task, k)
        player.user(task, k=k)
    return bool([place for place in game.places() if not place.endswith("~")])


def test_after_a_task_was_inserted_anywhere_a_case_goes_on_as_the_token_game_says() -> None:
    results = {seed: moved_game(seed) for seed in range(GRAPHS)}
    wrong = {seed: what for seed, (what, _) in results.items() if what}
    moved = sum(was_moved for _, was_moved in results.values())
    print(f"{GRAPHS} graphs, {moved} cases moved, {len(wrong)} differ: {wrong}")
    assert not wrong
    assert moved > GRAPHS / 3


# --- blocks with everything that runs, every element called otherwise


class Renaming(Drawer):
    """Draws the same with other ids."""

    def name(self, kind: str) -> str:
        return f"{super().name(kind)}x"


def blocks(drawer: Drawer, seed: int) -> Program:
    first, begin, middle = drawer.block(4)
    second, follow, stop = drawer.block(3)
    flows = [f"S>{begin}", f"{middle}>{follow}", f"{stop}>E"]
    top = [handler("top", message("m2"), "topu", False)] if seed % 3 == 0 else []
    return program(diagram("p", start("S"), *first, *second, end("E"), *flows, *top), CALLED)


def told(player: Player, since: int) -> list[Any]:
    """What the steps said about tokens, with the former ids."""
    found: list[Any] = []
    for step in player.steps[since:]:
        for one in (*step.entered, *step.left, *step.opened, *step.timers, *step.jobs, *step.subscriptions):
            names = {field.name for field in fields(one)}
            plain = {
                name: former(getattr(one, name)) for name in ("token", "element", "outcome", "due") if name in names
            }
            found.append((type(one).__name__, plain))
        found.append((step.ended, former(step.end_event)))
    return found


def former(value: Any) -> Any:
    return re.sub(r"(\d)x", r"\1", value) if isinstance(value, str) else value


def test_a_case_whose_elements_are_all_called_otherwise_goes_on_as_if_nothing_had_happened() -> None:
    moved = 0
    for seed in range(BLOCKS):
        old, new = blocks(Drawer(Random(seed)), seed), blocks(Renaming(Random(seed)), seed)
        before = fingerprint(new.definitions)
        moved += same_future(old, new, seed)
        assert fingerprint(new.definitions) == before
    print(f"{BLOCKS} diagrams, {moved} cases moved")
    assert moved > BLOCKS / 4


def same_future(old: Program, new: Program, seed: int) -> bool:
    known = {node.bpmn_id for definition in new.definitions.values() for node in definition.nodes.values()}
    renamed = {former(name): name for name in known}
    services = {"local": lambda seen: {"paid": 1}}
    random = Random(seed)
    try:
        players = [Player(old, {"k": 1}, reload=True, services=services) for _ in range(2)]
        half = random.randrange(8)
        for player in players:
            chance = Random(seed)
            for _ in range(half):
                operate(player, chance)
        stayed, moved = players
        if stayed.run.ended or move(moved, same_ids(old, new, **renamed)):
            return False
        since = len(stayed.steps)
        moved.steps[since:] = []
        for player in players:
            chance = Random(seed + 1)
            for _ in range(20):
                operate(player, chance)
    except ModelError:
        return False
    assert told(moved, since) == told(stayed, since), seed
    return True


# --- what is armed, what is dropped, what stands in the way


def test_a_new_event_sub_process_listens_and_a_new_way_out_of_a_gateway_is_awaited() -> None:
    old = program(diagram("p", start("s"), event_gateway("g"), catch("c", after("P1D")), end("e"), "s>g>c>e"))
    new = program(
        diagram(
            "p", start("s"), event_gateway("g"), catch("c", after("P1D")), catch("m", message("m1")), user("U"),
            end("e"), "s>g>c>e", "g>m>U>e", handler("h", message("m2"), "H", False),
        )
    )  # fmt: skip
    player = Player(old, {}, reload=True)
    assert not reasons(player, new)
    assert player.at == "c~ hs~ m~"
    player.send("hs").send("m")
    assert player.at == "H U hs~"


def test_a_listener_for_something_else_is_armed_anew() -> None:
    old = program(
        diagram("p", start("s"), user("A", "B"), boundary("b", "A", after("P1D")), end("e"), "s>A>e", "b>B>e")
    )
    new = program(
        diagram("p", start("s"), user("A", "B"), boundary("b", "A", message("m1")), end("e"), "s>A>e", "b>B>e")
    )
    player = Player(old, {}, reload=True)
    assert not reasons(player, new)
    assert [(wait.element, wait.kind) for wait in player.run.waits()] == [("A", "user_task"), ("b", "message")]


def test_a_join_that_needs_fewer_branches_now_lets_its_tokens_go() -> None:
    old = program(diagram("p", start("s"), parallel("g", "j"), user("A", "B", "Z"), end("e"), "s>g>A>j>Z>e", "g>B>j"))
    new = program(diagram("p", start("s"), parallel("g", "j"), user("A", "B", "Z"), end("e"), "s>g>A>j>Z>e", "g>B>e"))
    player = Player(old, {}, reload=True).user("A")
    assert player.at == "B j~"
    assert not reasons(player, new)
    assert player.at == "B Z"


def test_what_stands_in_the_way_is_named() -> None:
    one = user("A", loop=repeat("=[1,2]", "it"))
    old = program(diagram("p", start("s"), one, end("e"), "s>A>e"))
    plain = program(diagram("p", start("s"), user("A"), end("e"), "s>A>e"))
    inside = program(diagram("p", start("s"), sub("S", start("i"), user("A"), end("f"), "i>A>f"), end("e"), "s>S>e"))
    assert reasons(Player(old, {}), plain) == [("multi_instance_changed", "A")]
    assert reasons(Player(plain, {}), inside) == [("scope_changed", "A")]
    assert reasons(Player(plain, {}), plain, A=None) == [("kind_changed", "A")]
    assert reasons(Player(plain, {}), program(diagram("p", start("s"), user("B"), end("e"), "s>B>e"))) == [
        ("element_gone", "A")
    ]
