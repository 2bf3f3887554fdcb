"""Which type an expression has before it is evaluated, as far as its text tells; everything else is of type Any."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.feel import syntax as s
from engine.feel.session import Failure
from engine.feel.syntax import Node, Type
from engine.feel.temporal import parse_any
from engine.feel.types import ANY, common, type_of_value

Names = Mapping[str, Type]
_BOOLEAN = Type("boolean")


def type_of(node: Node, names: Names) -> Type:
    """Return the type of an expression, given those of some names in scope."""
    infer = _RULES.get(type(node))
    return ANY if infer is None else infer(node, names)


def function_type(node: s.Lambda, names: Names) -> Type:
    """Return the type of a function: those of its parameters, then that of its result."""
    parameters = [kind or ANY for kind in node.types]
    inside = {**names, **dict(zip(node.parameters, parameters, strict=True))}
    return Type("function", (*parameters, type_of(node.body, inside)))


def _common(nodes: Iterable[Node], names: Names) -> Type:
    found: Type | None = None
    for node in nodes:
        kind = type_of(node, names)
        found = kind if found is None else common(found, kind)
    return found or ANY


def _at_literal(node: s.AtLiteral, _: Names) -> Type:
    try:
        return type_of_value(parse_any(node.text))
    except Failure:
        return Type("Null")


def _chain(node: s.Chain, names: Names) -> Type:
    kinds = {type_of(part, names).name for part in (node.first, *(part for _, part in node.rest))}
    if kinds == {"number"}:
        return Type("number")
    return Type("string") if kinds == {"string"} and node.rest[0][0] == "+" else ANY


def _context(node: s.ContextOf, names: Names) -> Type:
    known, kinds = dict(names), list[Type]()
    for key, value in zip(node.keys, node.values, strict=True):
        kinds.append(type_of(value, known))
        known[key] = kinds[-1]
    return Type("context", tuple(kinds), node.keys)


def _path(node: s.Path, names: Names) -> Type:
    kind = type_of(node.source, names)
    for name in node.names:
        if kind.name != "context" or name not in kind.entries:
            return ANY
        kind = kind.elements[kind.entries.index(name)]
    return kind


def _for(node: s.For, names: Names) -> Type:
    known = dict(names)
    for iterator in node.iterators:
        kind = type_of(iterator.source, known)
        known[iterator.name] = kind if iterator.high else _element(kind)
    return Type("list", (type_of(node.result, known),))


def _element(kind: Type) -> Type:
    return kind.elements[0] if kind.name in ("list", "range") and kind.elements else ANY


def _filter(node: s.Filter, names: Names) -> Type:
    kind, condition = type_of(node.source, names), type_of(node.condition, names).name
    if kind.name != "list":
        return ANY
    return {"boolean": kind, "number": _element(kind)}.get(condition, ANY)


def _call(node: s.Call, names: Names) -> Type:
    kind = type_of(node.function, names)
    return kind.elements[-1] if kind.name == "function" and kind.elements else ANY


def _test(node: s.Test, names: Names) -> Type:
    return Type("range", (type_of(node.value, names),))


_Rule = Callable[[Any, Names], Type]
_TRUTHS = (s.Comparison, s.Conjunction, s.Disjunction, s.Between, s.In, s.InstanceOf, s.Quantified, s.Tests)
_RULES: Mapping[type, _Rule] = {
    **dict.fromkeys(_TRUTHS, lambda _, __: _BOOLEAN),
    s.Literal: lambda node, _: type_of_value(node.value),
    s.AtLiteral: _at_literal,
    s.Name: lambda node, names: names.get(node.name, ANY),
    s.Negation: lambda node, names: type_of(node.operand, names),
    s.Chain: _chain,
    s.If: lambda node, names: _common((node.one, node.other), names),
    s.ListOf: lambda node, names: Type("list", (_common(node.items, names),)),
    s.RangeOf: lambda node, names: Type("range", (_common((node.low, node.high), names),)),
    s.Test: _test,
    s.ContextOf: _context,
    s.Path: _path,
    s.For: _for,
    s.Filter: _filter,
    s.Call: _call,
    s.Lambda: function_type,
}
