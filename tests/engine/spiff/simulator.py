"""An independent token game on sequence flows: a marking of the flows and a count of open tasks, nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random


class Endless(Exception):
    """The game goes on without a task to wait for."""


@dataclass(frozen=True)
class Condition:
    """True when ``k // divisor`` leaves ``rest`` modulo ``modulus``."""

    divisor: int
    modulus: int
    rest: int

    def holds(self, k: int) -> bool:
        return (k // self.divisor) % self.modulus == self.rest

    def feel(self) -> str:
        return f"=modulo(floor(k / {self.divisor}), {self.modulus}) = {self.rest}"


@dataclass(frozen=True)
class Arc:
    source: str
    target: str
    condition: Condition | None = None
    default: bool = False


@dataclass(frozen=True)
class Graph:
    """Kinds by node (user, exclusive, parallel, inclusive) and arcs from ``s`` to ``e``."""

    kinds: dict[str, str]
    arcs: tuple[Arc, ...]


def random_graph(random: Random) -> Graph:
    """Unstructured: splits and joins need not match, loops may go back anywhere."""
    size = random.randint(4, 11)
    choices = ["user", "user", "user", "user", "exclusive", "parallel", "inclusive"]
    kinds = {f"n{i}": random.choice(choices) for i in range(size)}
    edges = {(random.randrange(i), i) for i in range(1, size)}
    for _ in range(random.randint(1, 6)):
        low, high = sorted(random.sample(range(size), 2))
        edges.add((low, high))
    for _ in range(random.randint(0, 2)):
        low, high = sorted(random.sample(range(1, size), 2))
        edges.add((high, low))
    targets: dict[int, list[str]] = {i: [] for i in range(size)}
    for low, high in sorted(edges):
        targets[low].append(f"n{high}")
    arcs = [Arc("s", "n0")]
    for i in range(size):
        arcs += list(_arcs_of(random, f"n{i}", kinds[f"n{i}"], targets[i] or ["e"]))
    return Graph(kinds, tuple(arcs))


def _arcs_of(random: Random, node: str, kind: str, targets: list[str]) -> Iterator[Arc]:
    conditions = [_condition(random, kind, n, len(targets)) for n in range(len(targets))]
    decides = any(conditions)
    for n, target in enumerate(targets):
        last = n == len(targets) - 1
        yield Arc(node, target, None if last and decides else conditions[n], default=last and decides)


def _condition(random: Random, kind: str, n: int, count: int) -> Condition | None:
    if kind == "exclusive":
        return Condition(1, count + 1, n)
    if kind == "inclusive":
        return Condition(n + 1, 2, 1)
    return Condition(1, 2, 0) if kind == "user" and random.random() < 0.3 else None


@dataclass
class Simulator:
    """The game; ``k`` is the only variable."""

    graph: Graph
    k: int = 0
    moves: int = 0
    marking: Counter[int] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        arcs = list(enumerate(self.graph.arcs))
        names = {"s", "e", *self.graph.kinds}
        self.outgoing = {name: [n for n, arc in arcs if arc.source == name] for name in names}
        self.incoming = {name: [n for n, arc in arcs if arc.target == name] for name in names}
        self.reach = {n: self._reach(n) for n, _ in arcs}

    def _reach(self, flow: int) -> set[str]:
        """Nodes from which a token could come in by this flow without passing its target."""
        goal = self.graph.arcs[flow].target
        seen: set[str] = set()
        todo = [self.graph.arcs[flow].source]
        while todo:
            node = todo.pop()
            if node not in seen and node != goal:
                seen.add(node)
                todo += [self.graph.arcs[n].source for n in self.incoming[node]]
        return seen

    def start(self) -> None:
        self._emit("s")
        self._settle()

    def complete(self, task: str, k: int) -> None:
        self.open[task] -= 1
        self.k, self.moves = k, 0
        self._emit(task)
        self._settle()

    def places(self) -> list[str]:
        """Open tasks, and ``node~`` for every token that waits at a join."""
        tasks = [name for name, count in self.open.items() for _ in range(count)]
        joins = [f"{self.graph.arcs[n].target}~" for n, count in self.marking.items() for _ in range(count)]
        return sorted(tasks + joins)

    def is_stuck(self) -> bool:
        return not +self.open and bool(+self.marking)

    def _emit(self, node: str) -> None:
        flows = self.outgoing[node]
        held = [n for n in flows if (c := self.graph.arcs[n].condition) is not None and c.holds(self.k)]
        default = [n for n in flows if self.graph.arcs[n].default]
        plain = [n for n in flows if self.graph.arcs[n].condition is None and n not in default]
        chosen = plain + (held or default)
        if self.graph.kinds.get(node) == "exclusive":
            chosen = [n for n in flows if n in plain or n in held][:1] or default
        if self.graph.kinds.get(node) == "parallel":
            chosen = flows
        self.marking.update(chosen)

    def _settle(self) -> None:
        while self._simple_move() or self._inclusive_move():
            self.moves += 1
            if self.moves > 5000:
                raise Endless

    def _simple_move(self) -> bool:
        for flow in [n for n, count in self.marking.items() if count]:
            node = self.graph.arcs[flow].target
            kind = self.graph.kinds.get(node, "end")
            needed = self.incoming[node] if kind == "parallel" else [flow]
            waits = kind == "inclusive" and len(self.incoming[node]) > 1
            if waits or not all(self.marking[n] for n in needed):
                continue
            self.marking.subtract(needed)
            if kind == "user":
                self.open[node] += 1
            elif kind != "end":
                self._emit(node)
            return True
        return False

    def _inclusive_move(self) -> bool:
        for node, kind in self.graph.kinds.items():
            full = [n for n in self.incoming[node] if self.marking[n]]
            if kind != "inclusive" or not full or self._may_still_come(node, full):
                continue
            self.marking.subtract(full)
            self._emit(node)
            return True
        return False

    def _may_still_come(self, join: str, full: list[int]) -> bool:
        empty = [n for n in self.incoming[join] if n not in full]
        elsewhere = {name for name, count in self.open.items() if count}
        elsewhere |= {self.graph.arcs[n].target for n, count in self.marking.items() if count} - {join}
        missing = {name for n in empty for name in self.reach[n]}
        filled = {name for n in full for name in self.reach[n]}
        return any(name in missing and name not in filled for name in elsewhere)
