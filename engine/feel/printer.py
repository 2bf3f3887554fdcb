"""Trees back to text: reading the text again gives the same tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.feel import syntax as s
from engine.feel.parser import AND, COMPARE, INSTANCE, LOWEST, NEGATE, OR, POWER, PRODUCT, SUM
from engine.feel.writing import number_text, quoted

_LONG_NUMBER = 40
_POSTFIX, _ATOM = INSTANCE + 1, INSTANCE + 2
_CHAINS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "**": POWER}
_LEVELS: Mapping[type, int] = {
    s.If: LOWEST,
    s.For: LOWEST,
    s.Quantified: LOWEST,
    s.Lambda: LOWEST,
    s.Disjunction: OR,
    s.Conjunction: AND,
    s.Comparison: COMPARE,
    s.Between: COMPARE,
    s.In: COMPARE,
    s.Negation: NEGATE,
    s.InstanceOf: INSTANCE,
    s.Path: _POSTFIX,
    s.Filter: _POSTFIX,
    s.Call: _POSTFIX,
}


def printed(node: s.Node, least: int = LOWEST) -> str:
    """Return the text of a tree, in parentheses where it binds less than ``least``."""
    text = _PRINTERS[type(node)](node)
    return text if _level(node) >= least else f"({text})"


def _level(node: s.Node) -> int:
    if isinstance(node, s.Chain):
        return _CHAINS[node.rest[0][0]]
    return _LEVELS.get(type(node), _ATOM)


def _listed(nodes: Iterable[s.Node]) -> str:
    return ", ".join(printed(node) for node in nodes)


def _literal(node: s.Literal) -> str:
    if node.value is None:
        return "null"
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    if isinstance(node.value, str):
        return quoted(node.value)
    return number_text(node.value) if abs(node.value.adjusted()) < _LONG_NUMBER else str(node.value)


def _chain(node: s.Chain) -> str:
    level = _level(node) + 1
    return printed(node.first, level) + "".join(f" {operator} {printed(part, level)}" for operator, part in node.rest)


def _between(node: s.Between) -> str:
    return f"{printed(node.value, COMPARE)} between {printed(node.low, SUM)} and {printed(node.high, SUM)}"


def _call(node: s.Call) -> str:
    arguments = [printed(argument) for argument in node.arguments]
    if node.names is not None:
        arguments = [f"{name}: {value}" for name, value in zip(node.names, arguments, strict=True)]
    return f"{printed(node.function, _POSTFIX)}({', '.join(arguments)})"


def _test(node: s.Node) -> str:
    if isinstance(node, s.Test):
        return f"{node.operator} {printed(node.value, SUM)}"
    text = printed(node)
    return f"({text})" if text.startswith(("not(", "not (")) else text


def _tests(node: s.Tests) -> str:
    if not node.tests:
        return "-"
    text = ", ".join(_test(test) for test in node.tests)
    return f"not({text})" if node.negated else text


def _type(kind: s.Type) -> str:
    parts = [_type(element) for element in kind.elements]
    if kind.name == "function" and parts:
        return f"function<{', '.join(parts[:-1])}>->{parts[-1]}"
    if kind.name == "context":
        parts = [f"{name}: {part}" for name, part in zip(kind.entries, parts, strict=True)]
    return kind.name + (f"<{', '.join(parts)}>" if parts else "")


def _iterators(iterators: Iterable[s.Binding]) -> str:
    return ", ".join(
        f"{part.name} in {printed(part.source)}" + (f"..{printed(part.high)}" if part.high else "")
        for part in iterators
    )


def _lambda(node: s.Lambda) -> str:
    pairs = zip(node.parameters, node.types, strict=True)
    parameters = ", ".join(name + (f": {_type(kind)}" if kind else "") for name, kind in pairs)
    return f"function({parameters}) {printed(node.body)}"


def _context(node: s.ContextOf) -> str:
    pairs = zip(node.keys, node.values, strict=True)
    return "{" + ", ".join(f"{quoted(key)}: {printed(value)}" for key, value in pairs) + "}"


def _range(node: s.RangeOf) -> str:
    start, end = "[" if node.low_closed else "(", "]" if node.high_closed else ")"
    return f"{start}{printed(node.low)}..{printed(node.high)}{end}"


def _joined(word: str, level: int) -> Callable[[Any], str]:
    return lambda node: word.join(printed(item, level) for item in node.items)


_PRINTERS: Mapping[type, Callable[[Any], str]] = {
    s.Literal: _literal,
    s.AtLiteral: lambda node: "@" + quoted(node.text),
    s.Name: lambda node: node.name,
    s.Path: lambda node: ".".join([printed(node.source, _POSTFIX), *node.names]),
    s.Filter: lambda node: f"{printed(node.source, _POSTFIX)}[{printed(node.condition)}]",
    s.Call: _call,
    s.Negation: lambda node: "-" + printed(node.operand, NEGATE),
    s.Chain: _chain,
    s.Comparison: lambda node: f"{printed(node.left, COMPARE)} {node.operator} {printed(node.right, SUM)}",
    s.Conjunction: _joined(" and ", COMPARE),
    s.Disjunction: _joined(" or ", AND),
    s.Between: _between,
    s.Test: lambda node: f"({node.operator} {printed(node.value)})",
    s.Tests: _tests,
    s.In: lambda node: f"{printed(node.value, COMPARE)} in ({_tests(node.tests)})",
    s.InstanceOf: lambda node: f"{printed(node.value, INSTANCE)} instance of {_type(node.type)}",
    s.If: lambda node: f"if {printed(node.condition)} then {printed(node.one)} else {printed(node.other)}",
    s.For: lambda node: f"for {_iterators(node.iterators)} return {printed(node.result)}",
    s.Quantified: lambda node: f"{node.kind} {_iterators(node.iterators)} satisfies {printed(node.condition)}",
    s.Lambda: _lambda,
    s.ListOf: lambda node: f"[{_listed(node.items)}]",
    s.ContextOf: _context,
    s.RangeOf: _range,
}
