"""Expressions that always have the same value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.feel import evaluate
from engine.feel.printer import printed
from engine.feel.syntax import AtLiteral, Call, Chain, Literal, Name, Negation, Node, children

_MAKERS = frozenset({"date", "time", "date and time", "duration", "years and months duration", "number"})


def constant(node: Node) -> Any:
    """Return the value of a literal or of what is made of literals alone; None when it may vary, or is null."""
    if isinstance(node, Literal):
        return node.value
    return evaluate(printed(node), {}) if _is_fixed(node) else None


def constants_in(root: Node) -> Iterator[Any]:
    """Return the values of all the constants in a tree."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        value = constant(node)
        if value is not None:
            yield value
        else:
            waiting.extend(children(node))


def _is_fixed(root: Node) -> bool:
    if isinstance(root, Call):
        function = root.function
        made = isinstance(function, Name) and function.name in _MAKERS
        return made and all(_is_fixed(argument) for argument in root.arguments)
    if isinstance(root, Literal | AtLiteral):
        return True
    return isinstance(root, Negation | Chain) and all(_is_fixed(part) for part in children(root))
