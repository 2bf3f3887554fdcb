"""Reads the types that a file defines."""

from __future__ import annotations

from lxml import etree

from engine.dmn.elements import child, children, line_of, text_of
from engine.dmn.tree import Expression, FunctionItem, ItemType, Variable


def read_item_type(element: etree._Element) -> ItemType:
    """Return the type with the types of its components."""
    return ItemType(
        id=element.get("id"),
        line=line_of(element),
        name=element.get("name") or "",
        base=text_of(element, "typeRef") or None,
        collection=element.get("isCollection") == "true",
        allowed=_tests(element, "allowedValues"),
        components=tuple(read_item_type(item) for item in children(element, "itemComponent")),
        constraint=_tests(element, "typeConstraint"),
        function=_function(child(element, "functionItem")),
    )


def _tests(element: etree._Element, name: str) -> Expression | None:
    holder = child(element, name)
    text = text_of(holder)
    if holder is None or not text:
        return None
    return Expression(holder.get("id") or element.get("id"), line_of(holder), text)


def _function(element: etree._Element | None) -> FunctionItem | None:
    if element is None:
        return None
    parameters = tuple(
        Variable(item.get("name") or "", item.get("typeRef") or text_of(item, "typeRef") or None)
        for item in children(element, "parameters")
    )
    return FunctionItem(parameters, element.get("outputTypeRef"))
