"""Random unstructured graphs mean what an independent token game says they mean; failing seeds are kept and replayed.

``DOUDI_GRAPHS`` says how many the long tests draw, ``DOUDI_SEED`` where they begin.
"""

import os
from pathlib import Path
from random import Random

import pytest

from engine.errors import ModelError
from engine.spiff import Program
from tests.engine.spiff.drawing import diagram, end, exclusive, inclusive, parallel, start, user
from tests.engine.spiff.playing import Player, program
from tests.engine.spiff.simulator import Endless, Graph, Simulator, random_graph

KEPT = Path(__file__).with_name("failing_seeds.txt")
COUNT, PARTS, STEPS, MOST_TOKENS = 2_000, 4, 20, 60
DRAW = {"user": user, "exclusive": exclusive, "parallel": parallel, "inclusive": inclusive}


def kept_seeds() -> list[int]:
    return [int(line) for line in KEPT.read_text().split()] if KEPT.exists() else []


def drawn(graph: Graph) -> Program:
    nodes = [DRAW[kind](name) for name, kind in graph.kinds.items()]
    flows = []
    for arc in graph.arcs:
        mark = " default" if arc.default else ""
        condition = f" [{arc.condition.feel()}]" if arc.condition else ""
        flows.append(f"{arc.source}>{arc.target}{mark}{condition}")
    return program(diagram("p", start("s"), end("e"), *nodes, *flows))


def difference(seed: int) -> tuple[str | None, int]:
    """What differs between engine and simulator, if anything, and how many steps were compared."""
    random = Random(seed)
    graph = random_graph(random)
    simulator = Simulator(graph)
    try:
        simulator.start()
    except Endless:
        return None, 0
    return compare(random, simulator, drawn(graph), reload=seed % 2 == 0)


def compare(random: Random, simulator: Simulator, built: Program, *, reload: bool) -> tuple[str | None, int]:
    steps = 0
    try:
        player = Player(built, {"k": 0}, reload=reload)
        for steps in range(1, STEPS + 1):
            expected = simulator.places()
            got = [] if player.run.ended else player.at.split()
            if got != expected:
                return f"step {steps}: engine {got}, simulator {expected}", steps
            tasks = [place for place in expected if not place.endswith("~")]
            if not tasks or len(expected) > MOST_TOKENS:
                return None, steps
            task, k = random.choice(tasks), random.randrange(12)
            simulator.complete(task, k)
            player.user(task, k=k)
    except Endless:
        return None, steps
    except ModelError as failure:
        if simulator.is_stuck() or simulator.moves > 1500:
            return None, steps
        return f"engine stopped: {failure}", steps
    return None, steps


@pytest.mark.parametrize("part", range(PARTS))
def test_random_graphs_mean_what_the_token_game_says(part: int) -> None:
    play(range(part, COUNT, PARTS))


def test_graphs_that_once_differed_mean_what_the_token_game_says() -> None:
    differ = {seed: what for seed in kept_seeds() if (what := difference(seed)[0])}
    assert not differ


@pytest.mark.soak
def test_many_more_random_graphs_mean_what_the_token_game_says() -> None:
    first, count = int(os.environ.get("DOUDI_SEED", COUNT)), int(os.environ.get("DOUDI_GRAPHS", "50000"))
    play(range(first, first + count))


def play(seeds: range) -> None:
    results = {seed: difference(seed) for seed in seeds}
    wrong = {seed: what for seed, (what, _) in results.items() if what}
    compared = sum(steps for _, steps in results.values())
    print(f"{len(seeds)} graphs, {seeds}, {compared} steps compared, differ: {wrong}")
    if wrong:
        KEPT.write_text("\n".join(map(str, sorted({*kept_seeds(), *wrong}))) + "\n")
    assert not wrong
    assert compared > len(seeds)
