"""What the compiler knows while it turns a tree into closures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.errors import Text
from engine.feel.functions import Builtin
from engine.feel.session import Frame, Place
from engine.feel.syntax import Node
from engine.model import Problem

Code = Callable[[Frame], Any]


@dataclass(slots=True)
class Facts:
    """What an expression needs, found while compiling."""

    reads: set[str] = field(default_factory=set)
    paths: set[tuple[str, ...]] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    findings: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scope:
    """The names bound around a node; inside a filter any other name may be a member of the item."""

    text: str
    known: frozenset[str]
    builtins: Mapping[str, tuple[Builtin, ...]]
    compile_node: Callable[[Node, Scope], Code]
    facts: Facts
    bound: frozenset[str] = frozenset()
    filtering: bool = False

    def code(self, node: Node) -> Code:
        """Return the closure of a node."""
        return self.compile_node(node, self)

    def place(self, node: Node) -> Place:
        """Return where the node stands."""
        return Place(node.start, self.text[node.start : node.end][:80])

    def binding(self, names: Iterable[str], filtering: bool = False) -> Scope:
        """Return the scope inside of something that binds names."""
        return replace(self, bound=self.bound | frozenset(names), filtering=self.filtering or filtering)

    def read(self, path: tuple[str, ...]) -> None:
        """Note that the expression reads a variable or a part of it, unless it is bound here or may be a member."""
        if path[0] in self.bound or (self.filtering and path[0] not in self.known):
            return
        self.facts.reads.add(path[0])
        self.facts.paths.add(path)

    def find(self, node: Node, message: Text) -> None:
        """Keep a problem that every evaluation of the node will have."""
        place = self.place(node)
        self.facts.findings.append(Problem(place.position, place.text, message))
