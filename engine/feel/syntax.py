"""The tree a parsed expression becomes. Equality ignores where a node stands in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Node:
    """Any part of an expression, with the text it covers."""

    start: int = field(default=0, compare=False, kw_only=True)
    end: int = field(default=0, compare=False, kw_only=True)


@dataclass(slots=True)
class Literal(Node):
    """A number, string, boolean or null."""

    value: Any


@dataclass(slots=True)
class AtLiteral(Node):
    """A temporal literal such as ``@"2026-09-24"``."""

    text: str


@dataclass(slots=True)
class Name(Node):
    """A variable, which may have spaces."""

    name: str


@dataclass(slots=True)
class Path(Node):
    """Members of a value: ``a.b.c``."""

    source: Node
    names: tuple[str, ...]


@dataclass(slots=True)
class Filter(Node):
    """Items of a list by position or condition: ``list[…]``."""

    source: Node
    condition: Node


@dataclass(slots=True)
class Call(Node):
    """An invocation with positional or named arguments."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(slots=True)
class Negation(Node):
    """``-a``."""

    operand: Node


@dataclass(slots=True)
class Chain(Node):
    """Arithmetic of one precedence, left to right: ``first (operator operand)*``."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(slots=True)
class Comparison(Node):
    """``left operator right``."""

    operator: str
    left: Node
    right: Node


@dataclass(slots=True)
class Conjunction(Node):
    """``a and b and …``."""

    items: tuple[Node, ...]


@dataclass(slots=True)
class Disjunction(Node):
    """``a or b or …``."""

    items: tuple[Node, ...]


@dataclass(slots=True)
class Between(Node):
    """``value between low and high``."""

    value: Node
    low: Node
    high: Node


@dataclass(slots=True)
class Test(Node):
    """A unary comparison such as ``> 5``; also a range open to one side."""

    operator: str
    value: Node


@dataclass(slots=True)
class Tests(Node):
    """Unary tests separated by commas; none of them at all is ``-``."""

    tests: tuple[Node, ...]
    negated: bool = False


@dataclass(slots=True)
class In(Node):
    """``value in tests``."""

    value: Node
    tests: Tests


@dataclass(slots=True)
class Type(Node):
    """A type: a name with element types; for contexts also entry names, for functions the result comes last."""

    name: str
    elements: tuple[Type, ...] = ()
    entries: tuple[str, ...] = ()


@dataclass(slots=True)
class InstanceOf(Node):
    """``value instance of type``."""

    value: Node
    type: Type


@dataclass(slots=True)
class If(Node):
    """``if condition then one else other``."""

    condition: Node
    one: Node
    other: Node


@dataclass(slots=True)
class Binding(Node):
    """``name in source`` or ``name in low..high``."""

    name: str
    source: Node
    high: Node | None = None


@dataclass(slots=True)
class For(Node):
    """``for iterators return result``."""

    iterators: tuple[Binding, ...]
    result: Node


@dataclass(slots=True)
class Quantified(Node):
    """``some`` or ``every`` ``iterators satisfies condition``."""

    kind: str
    iterators: tuple[Binding, ...]
    condition: Node


@dataclass(slots=True)
class Lambda(Node):
    """``function(parameters) body``."""

    parameters: tuple[str, ...]
    types: tuple[Type | None, ...]
    body: Node


@dataclass(slots=True)
class ListOf(Node):
    """``[a, b]``."""

    items: tuple[Node, ...]


@dataclass(slots=True)
class ContextOf(Node):
    """``{key: value}``; an entry may use the entries before it."""

    keys: tuple[str, ...]
    values: tuple[Node, ...]


@dataclass(slots=True)
class RangeOf(Node):
    """``[low..high]`` with open or closed ends."""

    low: Node
    high: Node
    low_closed: bool
    high_closed: bool


def children(node: Node) -> Iterator[Node]:
    """Return the parts directly below a node, in order."""
    parts: tuple[str, ...] = type(node).__match_args__
    for part in parts:
        yield from _nodes(getattr(node, part))


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif type(value) is tuple:
        for item in value:
            yield from _nodes(item)


def depth_within(root: Node, most: int) -> int:
    """Return how many levels the tree has, or ``most + 1`` when it has more than ``most``."""
    level, depth = [root], 0
    while level and depth <= most:
        level = [child for node in level for child in children(node)]
        depth += 1
    return depth


def names_in(root: Node) -> set[str]:
    """Return the names of all variables that the tree mentions, bound or free."""
    stack, names = [root], set[str]()
    while stack:
        node = stack.pop()
        if isinstance(node, Name):
            names.add(node.name)
        stack.extend(children(node))
    return names


def size_of(root: Node) -> int:
    """Return how many nodes the tree has."""
    stack, count = [root], 0
    while stack:
        count += 1
        stack.extend(children(stack.pop()))
    return count
