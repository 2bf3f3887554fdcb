"""Reads the logic of a decision: literal expressions, tables and the other boxed expressions."""

from __future__ import annotations

from lxml import etree

from engine.dmn.elements import check_language, child, children, kind, line_of, refuse, text_of
from engine.dmn.errors import Complaints
from engine.dmn.tables import read_table
from engine.dmn.tree import BoxedContext, BoxedList, Entry, Expression, Invocation, Logic, Relation
from engine.errors import Text

LOGIC = ("literalExpression", "decisionTable", "context", "list", "relation", "invocation")
_OTHER_LOGIC = ("functionDefinition", "conditional", "for", "every", "some", "filter")
_EMPTY = Expression(None, 0, "null")


def read_logic(holder: etree._Element, complaints: Complaints) -> Logic:
    """Return the one boxed expression inside the element; what cannot be run is recorded as a finding."""
    found = next(children(holder, *LOGIC, *_OTHER_LOGIC), None)
    if found is None:
        _refuse_empty(holder, complaints)
        return _EMPTY
    return read_box(found, complaints)


def read_box(element: etree._Element, complaints: Complaints) -> Logic:
    """Return the boxed expression that the element itself is."""
    match kind(element):
        case "literalExpression":
            return _literal(element, complaints)
        case "decisionTable":
            return read_table(element, complaints)
        case "context":
            return _context(element, complaints)
        case "list":
            items = tuple(read_box(item, complaints) for item in children(element, *LOGIC, *_OTHER_LOGIC))
            return BoxedList(element.get("id"), line_of(element), items)
        case "relation":
            return _relation(element, complaints)
        case "invocation":
            return _invocation(element, complaints)
    _refuse_logic(element, complaints)
    return _EMPTY


def _refuse_empty(holder: etree._Element, complaints: Complaints) -> None:
    name = holder.get("name") or holder.get("id") or ""
    refuse(
        complaints,
        holder,
        "dmn-no-logic",
        Text(
            f"“{name}”应有决策表或表达式,但里面是空的,请补上。",
            f"Expected a decision table or an expression in “{name}”, but it is empty, so draw one.",
        ),
    )


def _refuse_logic(element: etree._Element, complaints: Complaints) -> None:
    tag = kind(element)
    refuse(
        complaints,
        element,
        "dmn-unsupported",
        Text(
            f"应为决策表、表达式、上下文、列表或调用,但这里是 {tag},请改用一个 FEEL 表达式。",
            f"Expected a table, expression, context, list or invocation, but this is a {tag}, "
            "so write it as one FEEL expression.",
        ),
    )


def _literal(element: etree._Element, complaints: Complaints) -> Expression:
    check_language(element, complaints)
    if child(element, "importedValues") is not None:
        _refuse_logic(element, complaints)
    text = text_of(element)
    if not text:
        _refuse_empty(element, complaints)
    return Expression(element.get("id"), line_of(element), text or "null", element.get("typeRef"))


def _context(element: etree._Element, complaints: Complaints) -> BoxedContext:
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
    return BoxedContext(element.get("id"), line_of(element), entries)


def _entry(element: etree._Element, complaints: Complaints) -> Entry:
    variable = child(element, "variable")
    if variable is None:
        return Entry(None, None, read_logic(element, complaints))
    return Entry(variable.get("name"), variable.get("typeRef"), read_logic(element, complaints))


def _relation(element: etree._Element, complaints: Complaints) -> Relation:
    columns = tuple(column.get("name") or "" for column in children(element, "column"))
    rows = tuple(
        tuple(read_box(cell, complaints) for cell in children(row, *LOGIC, *_OTHER_LOGIC))
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
    return Relation(element.get("id"), line_of(element), columns, rows)


def _invocation(element: etree._Element, complaints: Complaints) -> Invocation:
    called = child(element, "literalExpression")
    bindings = tuple(_binding(binding, complaints) for binding in children(element, "binding"))
    return Invocation(element.get("id"), line_of(element), text_of(called), bindings)


def _binding(element: etree._Element, complaints: Complaints) -> Entry:
    parameter = child(element, "parameter")
    name = parameter.get("name") if parameter is not None else None
    return Entry(name, None, read_logic(element, complaints))
