"""Closures for literals, names, paths, lists, contexts and ranges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import Text
from engine.feel.code_calls import as_value
from engine.feel.operators import order
from engine.feel.scope import Code, Scope
from engine.feel.session import IDLE, Failure, Frame, Place, Session
from engine.feel.syntax import AtLiteral, ContextOf, ListOf, Literal, Name, Negation, Node, Path, RangeOf, names_in
from engine.feel.temporal import PARTS, parse_any
from engine.feel.values import Function, Range, kind_of

_ABSENT: Any = object()


def literal(node: Literal, _: Scope) -> Code:
    """Return the closure of a constant."""
    value = node.value
    return lambda _: value


def at_literal(node: AtLiteral, scope: Scope) -> Code:
    """Return the closure of an ``@"…"`` literal, read once; a wrong one is null each time."""
    try:
        value = parse_any(node.text)
    except Failure as failure:
        place, message = scope.place(node), failure.message
        scope.find(node, message)
        return lambda frame: frame.session.problem(place, message)
    return lambda _: value


def name(node: Name, scope: Scope) -> Code:
    """Return the closure that reads a variable: bound here, a member of the filtered item, or of the context."""
    function = _as_function(node.name, scope)
    if function is not None:
        return _bound_or(node.name, scope, lambda _: function)
    scope.read((node.name,))
    return _variable(node, scope)


def _as_function(key: str, scope: Scope) -> Function | None:
    """Return the built-in of this name, unless a variable is called the same."""
    if key in scope.known or key in scope.bound or key not in scope.builtins:
        return None
    return as_value(scope.builtins[key])


def _variable(node: Name, scope: Scope) -> Code:
    return _bound_or(node.name, scope, _from_context(node, scope))


def _bound_or(key: str, scope: Scope, outer: Code) -> Code:
    if key not in scope.bound and not scope.filtering:
        return outer

    def read(frame: Frame) -> Any:
        value = frame.values.get(key, _ABSENT)
        return outer(frame) if value is _ABSENT else value

    return read


def _from_context(node: Name, scope: Scope) -> Code:
    key = node.name
    place, path = scope.place(node), (node.name,)

    def read(frame: Frame) -> Any:
        try:
            return frame.session.take(path, frame.context[key])
        except KeyError:
            return frame.session.problem(place, _unknown(key))
        except ValueError:
            return frame.session.problem(place, _unreadable(key))

    return read


def _unknown(key: str) -> Text:
    return Text(f"应有变量“{key}”，但没有，结果为空。", f"Expected a variable “{key}”, but there is none; it is null.")


def _unreadable(key: str) -> Text:
    return Text(f"变量“{key}”的值不能用于表达式。", f"Expected a plain value in “{key}”, but it is of another kind.")


def path(node: Path, scope: Scope) -> Code:
    """Return the closure that reads members; from a variable it looks at nothing but the members on the way."""
    source = node.source
    if isinstance(source, Name) and source.name not in scope.bound and not scope.filtering:
        scope.read((source.name, *node.names))
        return _direct(source.name, node.names, scope.place(node))
    if isinstance(source, Name):
        scope.read((source.name, *node.names))
        return _members(_variable(source, scope), node.names, scope.place(node))
    return _members(scope.code(source), node.names, scope.place(node))


def _direct(key: str, names: tuple[str, ...], place: Place) -> Code:
    path = (key, *names)
    steps = [(path[:length], name) for length, name in enumerate(names, 1)]

    def read(frame: Frame) -> Any:
        try:
            value = frame.context[key]
        except KeyError:
            return frame.session.problem(place, _unknown(key))
        try:
            for above, name in steps:
                value = value[name] if type(value) is dict else member(_view(above, value, frame), name, frame, place)
            return frame.session.take(path, value)
        except KeyError:
            return frame.session.problem(place, _without(name))
        except ValueError:
            return frame.session.problem(place, _unreadable(key))

    return read


def _view(path: tuple[str, ...], value: Any, frame: Frame) -> Any:
    """Return a mapping as it is, so that only the members asked for are read; anything else as FEEL sees it."""
    return value if isinstance(value, Mapping) else frame.session.take(path, value)


def _members(source: Code, names: tuple[str, ...], place: Place) -> Code:
    def read(frame: Frame) -> Any:
        value = source(frame)
        for name in names:
            try:
                value = member(value, name, frame, place)
            except KeyError:
                return frame.session.problem(place, _without(name))
        return value

    return read


def member(value: Any, name: str, frame: Frame, place: Place) -> Any:
    """Return a member of a context, a part of a temporal value, or those of each item of a list; null has none.

    Raises KeyError when a context lacks it.
    """
    if isinstance(value, Mapping):
        return value[name]
    if type(value) is list:
        frame.session.spend(1 + len(value))
        return [item.get(name) if type(item) is dict else _part(item, name, frame, place) for item in value]
    return _part(value, name, frame, place)


def _part(value: Any, name: str, frame: Frame, place: Place) -> Any:
    if value is None:
        return None
    read = PARTS.get(type(value), {}).get(name)
    if read is not None:
        return read(value)
    kind = kind_of(value)
    message = Text(
        f"{kind.zh}没有“{name}”，结果为空。", f"Expected a context with “{name}”, but found {kind.en}; it is null."
    )
    return frame.session.problem(place, message)


def _without(name: str) -> Text:
    return Text(
        f"上下文中没有“{name}”，结果为空。", f"Expected an entry “{name}”, but the context has none; it is null."
    )


def list_of(node: ListOf, scope: Scope) -> Code:
    """Return the closure that makes a list."""
    codes = [scope.code(item) for item in node.items]
    return lambda frame: [code(frame) for code in codes]


def context_of(node: ContextOf, scope: Scope) -> Code:
    """Return the closure that makes a context, each entry seeing those before it."""
    entries: list[tuple[str, Code]] = []
    inner = scope
    for key, value in zip(node.keys, node.values, strict=True):
        entries.append((key, inner.code(value)))
        inner = inner.binding([key])

    if not any(name in node.keys for value in node.values for name in names_in(value)):
        return lambda frame: {key: code(frame) for key, code in entries}

    def make(frame: Frame) -> dict[str, Any]:
        made: dict[str, Any] = {}
        inside = frame.binding({})
        for key, code in entries:
            made[key] = inside.values[key] = code(inside)
        return made

    return make


def range_of(node: RangeOf, scope: Scope) -> Code:
    """Return the closure that makes a range; null when an end is null or the ends are of different kinds."""
    low, high, place = scope.code(node.low), scope.code(node.high), scope.place(node)
    if _constant(node.low) and _constant(node.high):
        return _fixed_range(node, scope)

    def make(frame: Frame) -> Range | None:
        area = Range(low(frame), high(frame), node.low_closed, node.high_closed)
        try:
            order(area.low, area.high)
        except Failure as failure:
            frame.session.problem(place, failure.message)
            return None
        return area

    return make


def _constant(node: Node) -> bool:
    return isinstance(node, (Literal, AtLiteral)) or (isinstance(node, Negation) and isinstance(node.operand, Literal))


def _fixed_range(node: RangeOf, scope: Scope) -> Code:
    """Return the closure of a range between literals, which is made once."""
    idle = Frame(Session({}, IDLE), {})
    area = Range(scope.code(node.low)(idle), scope.code(node.high)(idle), node.low_closed, node.high_closed)
    place = scope.place(node)
    try:
        order(area.low, area.high)
    except Failure as failure:
        message = failure.message
        scope.find(node, message)
        return lambda frame: frame.session.problem(place, message)
    return lambda _: area
