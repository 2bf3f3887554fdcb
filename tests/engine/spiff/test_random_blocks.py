"""Random well-formed diagrams of everything that runs: sound at every rest, the same live and with save and load."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from random import Random

from engine.errors import ModelError
from engine.spiff import Program, fingerprint
from tests.engine.spiff.drawing import (
    TERMINATE,
    after,
    boundary,
    call,
    catch,
    diagram,
    end,
    error,
    escalation,
    event_gateway,
    exclusive,
    handler,
    inclusive,
    io,
    message,
    parallel,
    repeat,
    script,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.spiff.playing import Player, program

KEPT = Path(__file__).with_name("failing_blocks.txt")
COUNT, OPERATIONS = 100, 60
CALLED = diagram("q", start("qs"), user("qu"), throw("qt", escalation()), end("qe"), "qs>qu>qt>qe")
Block = tuple[list[str], str, str]


class Drawer:
    """Draws nested blocks with one way in and one way out."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._ids = count(1)

    def name(self, kind: str) -> str:
        return f"{kind}{next(self._ids)}"

    def block(self, depth: int) -> Block:
        leaves = [self.task, self.remote, self.timed, self.waiting, self.scripted, self.called, self.escalated]
        nested = [self.fork, self.fork, self.choice, self.choice, self.chain, self.scope, self.scope]
        return self.random.choice(nested if depth and self.random.random() < 0.8 else leaves)(depth)

    def task(self, depth: int) -> Block:
        name = self.name("u")
        mapped = io({"local": "=k + 1"}, {"k": "=modulo(local, 7)"}) if self.random.random() < 0.3 else ""
        return [user(name, extra=mapped)], name, name

    def scripted(self, depth: int) -> Block:
        name = self.name("x")
        return [script(name, "=k + 1", "k")], name, name

    def remote(self, depth: int) -> Block:
        name, caught, task, stop = self.name("j"), self.name("b"), self.name("u"), self.name("e")
        type_ = self.random.choice(["remote", "local"])
        parts = [service(name, type_), boundary(caught, name, error("E1")), user(task), end(stop)]
        return [*parts, f"{caught}>{task}>{stop}"], name, name

    def timed(self, depth: int) -> Block:
        name, event, task, stop = self.name("u"), self.name("b"), self.name("u"), self.name("e")
        trigger = self.random.choice([after("P1D"), timer("timeCycle", "R2/PT1H"), message("m1")])
        listener = boundary(event, name, trigger, self.random.random() < 0.4)
        return [user(name), listener, user(task), end(stop), f"{event}>{task}>{stop}"], name, name

    def waiting(self, depth: int) -> Block:
        gate, first, second, merge = self.name("g"), self.name("c"), self.name("c"), self.name("x")
        parts = [event_gateway(gate), catch(first, message("m1")), catch(second, after("P2D")), exclusive(merge)]
        return [*parts, f"{gate}>{first}>{merge}", f"{gate}>{second}>{merge}"], gate, merge

    def called(self, depth: int) -> Block:
        name = self.name("call")
        return [call(name, "q", extra=io({"k": "=k"}) if self.random.random() < 0.5 else "")], name, name

    def escalated(self, depth: int) -> Block:
        name = self.name("t")
        return [throw(name, escalation())], name, name

    def fork(self, depth: int) -> Block:
        kind = self.random.choice([parallel, inclusive])
        return self._branches(depth, kind, " [=k >= 0]" if kind is inclusive else "", "")

    def choice(self, depth: int) -> Block:
        return self._branches(depth, exclusive, " [=modulo(k, 2) = 0]", " default")

    def _branches(self, depth: int, kind: object, first: str, second: str) -> Block:
        split, join = self.name("g"), self.name("g")
        parts = [kind(split, join)]  # type: ignore[operator]  # one of the gateway functions
        for mark in (first, second or first):
            inner, begin, stop = self.block(depth - 1)
            parts += [*inner, f"{split}>{begin}{mark}", f"{stop}>{join}"]
        return parts, split, join

    def chain(self, depth: int) -> Block:
        first, begin, middle = self.block(depth - 1)
        second, follow, stop = self.block(depth - 1)
        return [*first, *second, f"{middle}>{follow}"], begin, stop

    def scope(self, depth: int) -> Block:
        name, begin, stop, caught, task, over = (self.name(kind) for kind in ("sp", "s", "e", "b", "u", "e"))
        inner, first, last = self.block(depth - 1)
        finish = self.random.choice(["", "", "", error("E1"), TERMINATE])
        parts = [start(begin), *inner, end(stop, finish), f"{begin}>{first}", f"{last}>{stop}"]
        if self.random.random() < 0.5:
            trigger = self.random.choice([error("E1"), message("m1"), escalation(), after("PT5H")])
            interrupting = self.random.random() < 0.5 or trigger == error("E1")
            parts.append(handler(self.name("h"), trigger, self.name("w"), interrupting))
        items = self.random.choice(["=[1,2,3]", "=[]", "=[1]"])
        repeated = self.random.random() < 0.4
        loop = repeat(items, "it", sequential=self.random.random() < 0.5, out=f"all_{name}", out_element="=k + it")
        drawn = sub(name, *parts, loop=loop if repeated else "")
        return [drawn, boundary(caught, name, error()), user(task), end(over), f"{caught}>{task}>{over}"], name, name


def drawn(seed: int) -> Program:
    drawer = Drawer(Random(seed))
    first, begin, middle = drawer.block(5)
    second, follow, stop = drawer.block(4)
    flows = [f"S>{begin}", f"{middle}>{follow}", f"{stop}>E"]
    top = [handler("top", message("m2"), "topu", False)] if seed % 3 == 0 else []
    return program(diagram("p", start("S"), *first, *second, end("E"), *flows, *top), CALLED)


def operate(player: Player, random: Random) -> bool:
    """Do one random thing the outside may do; people come before time."""
    waits = player.whole.waits()
    calm = [wait for wait in waits if wait.kind in ("user_task", "job")]
    if not waits:
        return False
    wait = random.choice(calm if calm and random.random() < 0.75 else waits)
    k = random.randrange(9)
    if wait.kind == "timer":
        player.do(lambda run: run.fire(wait.token))
    elif wait.kind == "message":
        player.do(lambda run: run.deliver(wait.token, {}))
    elif wait.kind == "job" and random.random() < 0.3:
        player.do(lambda run: run.job_error(wait.token, "E1", {}))
    elif wait.kind == "job":
        player.do(lambda run: run.job_done(wait.token, {}))
    else:
        player.user(wait.element, [w.token for w in waits if w.element == wait.element].index(wait.token), k=k)
    return True


def played(built: Program, seed: int, *, reload: bool) -> tuple[list[object], int]:
    random = Random(seed)
    operations = 0
    history: list[object] = []
    try:
        player = Player(built, {"k": 1}, reload=reload, services={"local": lambda seen: {"paid": 1}})
        while operations < OPERATIONS and operate(player, random):
            operations += 1
        history = [*player.history(), player.at, player.state]
    except ModelError as failure:
        history.append(str(failure))
    return history, operations


def test_random_diagrams_are_sound_and_the_same_live_and_stored() -> None:
    kept = [int(line) for line in KEPT.read_text().split()] if KEPT.exists() else []
    wrong: dict[int, str] = {}
    operations = 0
    for seed in [*kept, *range(COUNT)]:
        built = drawn(seed)
        before = fingerprint(built.definitions)
        try:
            live, done = played(built, seed, reload=False)
            stored, _ = played(built, seed, reload=True)
            assert live == stored
            assert fingerprint(built.definitions) == before
        except (AssertionError, LookupError, RuntimeError) as failure:
            wrong[seed] = repr(failure)[:300]
        operations += done
    print(f"{COUNT} diagrams from seed 0, {operations} operations live and stored, {len(wrong)} wrong: {wrong}")
    if wrong:
        KEPT.write_text("\n".join(map(str, sorted({*kept, *wrong}))) + "\n")
    assert not wrong
    assert operations > COUNT * 5
