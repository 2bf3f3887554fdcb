"""DMN elements of any version, told apart from drawing and extensions."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.dmn.errors import Complaints
from engine.errors import Text

MODEL_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)
FEEL_NAMES = frozenset(
    {
        "feel",
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    }
)


def kind(element: etree._Element) -> str | None:
    """Return the DMN tag without namespace, or None for drawing and other vocabularies."""
    name = etree.QName(element)
    return name.localname if name.namespace in MODEL_NAMESPACES else None


def children(element: etree._Element, *kinds: str) -> Iterator[etree._Element]:
    """Return the DMN children of the given kinds, all of them when none is given."""
    for child in element:
        tag = kind(child)
        if tag is not None and (not kinds or tag in kinds):
            yield child


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first DMN child of that kind."""
    return next(children(element, name), None)


def text_of(element: etree._Element | None, name: str = "text") -> str:
    """Return the stripped text of the child ``name``, ``""`` when there is none."""
    holder = child(element, name) if element is not None else None
    return (holder.text or "").strip() if holder is not None else ""


def line_of(element: etree._Element) -> int:
    """Return the element's line in the file, 0 when unknown."""
    return int(element.sourceline or 0)


def refuse(complaints: Complaints, element: etree._Element, rule: str, message: Text) -> None:
    """Record a finding at the element, or at the nearest one around it that has an id."""
    holder: etree._Element | None = element
    while holder is not None and holder.get("id") is None:
        holder = holder.getparent()
    name = holder.get("id") if holder is not None else None
    complaints.add(name, line_of(element), rule, message)


def check_language(element: etree._Element, complaints: Complaints) -> None:
    """Record a finding when the element names an expression language that is not FEEL."""
    language = element.get("expressionLanguage")
    if language is None or language in FEEL_NAMES or language.lower() == "feel":
        return
    refuse(
        complaints,
        element,
        "dmn-language",
        Text(
            f"表达式语言应为 FEEL,但这里写的是“{language}”,请改写成 FEEL。",
            f"Expected FEEL, but the expression language is “{language}”, so write it in FEEL.",
        ),
    )
