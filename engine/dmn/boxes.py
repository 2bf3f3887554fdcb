"""Reads the logic of a decision: literal expressions, tables and the other boxed expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from lxml import etree

from engine.dmn.elements import check_language, child, children, kind, line_of, refuse, text_of
from engine.dmn.errors import Complaints
from engine.dmn.tables import read_table
from engine.dmn.tree import (
    BoxedContext,
    BoxedList,
    Conditional,
    Entry,
    Expression,
    Filter,
    FunctionDefinition,
    Invocation,
    Iteration,
    Logic,
    Loop,
    Relation,
    Variable,
)
from engine.errors import Text

Reader = Callable[[etree._Element, Complaints], Logic]
_EMPTY = Expression(None, 0, "null")


def has_logic(holder: etree._Element) -> bool:
    """Return whether there is a boxed expression inside the element."""
    return next(children(holder, *_READERS), None) is not None


def read_logic(holder: etree._Element, complaints: Complaints) -> Logic:
    """Return the one boxed expression inside the element; what cannot be run is recorded as a finding."""
    found = next(children(holder, *_READERS), None)
    if found is None:
        refuse_empty(holder, complaints)
        return _EMPTY
    return _READERS[kind(found) or ""](found, complaints)


def read_variable(element: etree._Element) -> Variable:
    """Return the name and type that the element declares."""
    return Variable(element.get("name") or "", element.get("typeRef"))


def read_function(element: etree._Element, complaints: Complaints) -> FunctionDefinition:
    """Return the function definition; one that is not written in FEEL is recorded as a finding."""
    language = (element.get("kind") or "FEEL").rpartition(":")[2]
    if language != "FEEL":
        refuse(
            complaints,
            element,
            "dmn-unsupported",
            Text(
                f"函数应使用 FEEL,但这里是 {language},请改用 FEEL 或服务任务。",
                f"Expected a function in FEEL, but this one is in {language}, so write it in FEEL or use a service.",
            ),
        )
    parameters = tuple(read_variable(item) for item in children(element, "formalParameter"))
    body = read_logic(element, complaints) if language == "FEEL" else _EMPTY
    return FunctionDefinition(element.get("id"), line_of(element), parameters, body, element.get("typeRef"))


def refuse_empty(holder: etree._Element, complaints: Complaints) -> None:
    """Record that the element should hold a boxed expression and does not."""
    name = holder.get("name") or holder.get("id") or kind(holder) or ""
    refuse(
        complaints,
        holder,
        "dmn-no-logic",
        Text(
            f"“{name}”应有决策表或表达式,但里面是空的,请补上。",
            f"Expected a decision table or an expression in “{name}”, but it is empty, so draw one.",
        ),
    )


def _literal(element: etree._Element, complaints: Complaints) -> Logic:
    check_language(element, complaints)
    if child(element, "importedValues") is not None:
        _refuse_imported(element, complaints)
        return _EMPTY
    text = text_of(element)
    if not text:
        refuse_empty(element, complaints)
    return Expression(element.get("id"), line_of(element), text or "null", element.get("typeRef"))


def _refuse_imported(element: etree._Element, complaints: Complaints) -> None:
    refuse(
        complaints,
        element,
        "dmn-unsupported",
        Text(
            "应直接写出 FEEL 表达式,但这里引用外部的值(importedValues),请把值写进决策。",
            "Expected a FEEL expression, but the values are imported from elsewhere, so write them into the decision.",
        ),
    )


def _context(element: etree._Element, complaints: Complaints) -> Logic:
    entries = tuple(_entry(entry, complaints) for entry in children(element, "contextEntry"))
    misplaced = [entry for entry in entries[:-1] if entry.name is None]
    if misplaced:
        refuse(
            complaints,
            element,
            "dmn-context",
            Text(
                "上下文的每一项都应有名称,只有最后一项可以没有,请补上名称。",
                "Expected a name on every context entry but the last, so name the others.",
            ),
        )
    return BoxedContext(element.get("id"), line_of(element), entries, element.get("typeRef"))


def _entry(element: etree._Element, complaints: Complaints) -> Entry:
    variable = child(element, "variable")
    if variable is None:
        return Entry(None, None, read_logic(element, complaints))
    return Entry(variable.get("name"), variable.get("typeRef"), read_logic(element, complaints))


def _list(element: etree._Element, complaints: Complaints) -> Logic:
    items = tuple(_READERS[kind(item) or ""](item, complaints) for item in children(element, *_READERS))
    return BoxedList(element.get("id"), line_of(element), items, element.get("typeRef"))


def _relation(element: etree._Element, complaints: Complaints) -> Logic:
    columns = tuple(read_variable(column) for column in children(element, "column"))
    rows = tuple(
        tuple(_READERS[kind(cell) or ""](cell, complaints) for cell in children(row, *_READERS))
        for row in children(element, "row")
    )
    if any(len(row) != len(columns) for row in rows):
        refuse(
            complaints,
            element,
            "dmn-relation",
            Text(
                f"每一行应有 {len(columns)} 格,但有的行不是,请补齐。",
                f"Expected {len(columns)} cells in every row, but a row has another number, so complete it.",
            ),
        )
    return Relation(element.get("id"), line_of(element), columns, rows, element.get("typeRef"))


def _invocation(element: etree._Element, complaints: Complaints) -> Logic:
    called = text_of(child(element, "literalExpression"))
    if not called:
        refuse_empty(element, complaints)
    bindings = tuple(_binding(binding, complaints) for binding in children(element, "binding"))
    return Invocation(element.get("id"), line_of(element), called or "null", bindings, element.get("typeRef"))


def _binding(element: etree._Element, complaints: Complaints) -> Entry:
    parameter = child(element, "parameter")
    name = parameter.get("name") if parameter is not None else None
    return Entry(name, None, read_logic(element, complaints) if has_logic(element) else Expression(None, 0, "null"))


def _conditional(element: etree._Element, complaints: Complaints) -> Logic:
    condition, then, otherwise = (_part(element, name, complaints) for name in ("if", "then", "else"))
    return Conditional(element.get("id"), line_of(element), condition, then, otherwise, element.get("typeRef"))


def _iteration(element: etree._Element, complaints: Complaints) -> Logic:
    loop = cast(Loop, kind(element))
    variable = element.get("iteratorVariable") or ""
    if not variable:
        refuse(
            complaints,
            element,
            "dmn-iterator",
            Text(
                f"{loop} 应写明每一项的名称(iteratorVariable),但没有,请补上。",
                f"Expected a name for each item (iteratorVariable) of {loop}, but there is none, so add one.",
            ),
        )
    source = _part(element, "in", complaints)
    body = _part(element, "return" if loop == "for" else "satisfies", complaints)
    return Iteration(element.get("id"), line_of(element), loop, variable, source, body, element.get("typeRef"))


def _filter(element: etree._Element, complaints: Complaints) -> Logic:
    source, condition = _part(element, "in", complaints), _part(element, "match", complaints)
    return Filter(element.get("id"), line_of(element), source, condition, element.get("typeRef"))


def _part(element: etree._Element, name: str, complaints: Complaints) -> Logic:
    holder = child(element, name)
    if holder is None:
        refuse_empty(element, complaints)
        return _EMPTY
    return read_logic(holder, complaints)


_READERS: Mapping[str, Reader] = {
    "literalExpression": _literal,
    "decisionTable": read_table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": read_function,
    "conditional": _conditional,
    "for": _iteration,
    "some": _iteration,
    "every": _iteration,
    "filter": _filter,
}
