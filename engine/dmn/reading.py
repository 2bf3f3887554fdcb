"""Reads a DMN file of any version into the tree of what is drawn."""

from __future__ import annotations

from lxml import etree

from engine.diagram import xml
from engine.diagram.errors import DiagramError
from engine.dmn.boxes import read_logic
from engine.dmn.elements import check_language, child, children, kind, line_of, refuse, text_of
from engine.dmn.errors import Complaints, DmnError
from engine.dmn.tree import Decision, Definitions, Expression, InputData, ItemType, KnowledgeModel, Variable
from engine.errors import Text

MAX_EXPRESSIONS = 20_000
_RUN = frozenset({"import", "itemDefinition", "inputData", "decision", "businessKnowledgeModel"})
_DRAWN = frozenset(
    {
        "description",
        "extensionElements",
        "knowledgeSource",
        "textAnnotation",
        "association",
        "group",
        "elementCollection",
        "performanceIndicator",
        "organizationUnit",
    }
)


def read(data: bytes, complaints: Complaints) -> Definitions:
    """Return the file as drawn; findings go to ``complaints``.

    Raises DmnError when the bytes are not a readable DMN file at all.
    """
    root = _root(data, complaints)
    _refuse_huge(root, complaints)
    check_language(root, complaints)
    for element in children(root):
        if kind(element) not in _RUN | _DRAWN:
            _refuse_kind(element, complaints)
    namespace = root.get("namespace") or ""
    return Definitions(
        file=complaints.file,
        namespace=namespace,
        name=root.get("name") or "",
        imports={item.get("namespace") or "": item.get("name") or "" for item in children(root, "import")},
        types=tuple(_item_type(item, complaints) for item in children(root, "itemDefinition")),
        inputs=tuple(InputData(_id(item), _variable(item)) for item in children(root, "inputData")),
        decisions=tuple(_decision(item, namespace, complaints) for item in children(root, "decision")),
        knowledge=tuple(_knowledge(item, namespace, complaints) for item in children(root, "businessKnowledgeModel")),
    )


def _root(data: bytes, complaints: Complaints) -> etree._Element:
    try:
        root = xml.parse(data, complaints.file)
    except DiagramError as error:
        raise DmnError(error.findings) from error
    if kind(root) != "definitions":
        message = Text(
            "应为 DMN 1.1 至 1.5 的决策文件,但根元素不是,请用 Camunda Modeler 或 dmn-js 保存。",
            "Expected a decision file of DMN 1.1 to 1.5, but the root element is another one, "
            "so save it with Camunda Modeler or dmn-js.",
        )
        complaints.add(None, line_of(root), "dmn-version", message)
        raise DmnError(complaints.findings)
    return root


def _refuse_huge(root: etree._Element, complaints: Complaints) -> None:
    """Compiling costs time for each cell, so a file may have only so many."""
    count = sum(1 for _ in root.iter("{*}text"))
    if count <= MAX_EXPRESSIONS:
        return
    message = Text(
        f"一个文件应不超过 {MAX_EXPRESSIONS} 格,实际有 {count} 格,请拆成几个文件。",
        f"Expected at most {MAX_EXPRESSIONS} cells in a file, but there are {count}, so split it.",
    )
    complaints.add(root.get("id"), line_of(root), "dmn-size", message)
    raise DmnError(complaints.findings)


def _refuse_kind(element: etree._Element, complaints: Complaints) -> None:
    tag, name = kind(element), element.get("name") or element.get("id") or ""
    refuse(
        complaints,
        element,
        "dmn-unsupported",
        Text(
            f"{tag}“{name}”暂不能执行,请直接使用它包含的决策。",
            f"Expected decisions, inputs, knowledge models and types, but “{name}” is a {tag}, "
            "so use the decisions in it directly.",
        ),
    )


def _id(element: etree._Element) -> str:
    return element.get("id") or element.get("name") or ""


def _variable(element: etree._Element) -> Variable:
    variable = child(element, "variable")
    own = element.get("name") or _id(element)
    if variable is None:
        return Variable(own)
    return Variable(variable.get("name") or own, variable.get("typeRef"))


def _decision(element: etree._Element, namespace: str, complaints: Complaints) -> Decision:
    return Decision(
        id=_id(element),
        name=element.get("name") or _id(element),
        line=line_of(element),
        variable=_variable(element),
        logic=read_logic(element, complaints),
        requires=_references(element, "informationRequirement", namespace),
        knowledge=_references(element, "knowledgeRequirement", namespace),
    )


def _references(element: etree._Element, requirement: str, namespace: str) -> tuple[str, ...]:
    hrefs = [item.get("href") or "" for arrow in children(element, requirement) for item in children(arrow)]
    return tuple(href if not href.startswith("#") else namespace + href for href in hrefs)


def _knowledge(element: etree._Element, namespace: str, complaints: Complaints) -> KnowledgeModel:
    function = child(element, "encapsulatedLogic")
    language = function.get("kind") if function is not None else None
    if language not in (None, "FEEL"):
        _refuse_kind(element, complaints)
    holder = function if function is not None else element
    parameters = tuple(
        Variable(item.get("name") or "", item.get("typeRef")) for item in children(holder, "formalParameter")
    )
    return KnowledgeModel(
        id=_id(element),
        name=_variable(element).name,
        line=line_of(element),
        parameters=parameters,
        result=holder.get("typeRef"),
        logic=read_logic(holder, complaints),
        knowledge=_references(element, "knowledgeRequirement", namespace),
    )


def _item_type(element: etree._Element, complaints: Complaints) -> ItemType:
    if child(element, "functionItem") is not None:
        _refuse_kind(element, complaints)
    allowed = child(element, "allowedValues")
    allowed = allowed if allowed is not None else child(element, "typeConstraint")
    values = text_of(allowed)
    return ItemType(
        id=element.get("id"),
        line=line_of(element),
        name=element.get("name") or "",
        base=text_of(element, "typeRef") or None,
        collection=element.get("isCollection") == "true",
        allowed=Expression(element.get("id"), line_of(element), values) if values else None,
        components=tuple(_item_type(item, complaints) for item in children(element, "itemComponent")),
    )
