"""Reads a DMN file of any version into the tree of what is drawn."""

from __future__ import annotations

from lxml import etree

from engine.diagram import xml
from engine.diagram.errors import DiagramError
from engine.dmn.boxes import has_logic, read_function, read_logic, refuse_empty
from engine.dmn.elements import MODEL_NAMESPACES, check_language, child, children, kind, line_of, refuse
from engine.dmn.errors import Complaints, DmnError
from engine.dmn.item_types import read_item_type
from engine.dmn.tree import (
    Decision,
    DecisionService,
    Definitions,
    Import,
    InputData,
    KnowledgeModel,
    Logic,
    Undecided,
    Variable,
)
from engine.errors import Text

MAX_EXPRESSIONS = 20_000
_RUN = frozenset({"import", "itemDefinition", "inputData", "decision", "businessKnowledgeModel", "decisionService"})
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
    services = tuple(_service(item, namespace) for item in children(root, "decisionService"))
    given = frozenset(href for service in services for href in service.input_decisions)
    return Definitions(
        file=complaints.file,
        namespace=namespace,
        name=root.get("name") or "",
        imports=tuple(_import(item, complaints) for item in children(root, "import")),
        types=tuple(read_item_type(item) for item in children(root, "itemDefinition")),
        inputs=tuple(InputData(_id(item), _variable(item)) for item in children(root, "inputData")),
        decisions=tuple(_decision(item, namespace, given, complaints) for item in children(root, "decision")),
        knowledge=tuple(_knowledge(item, namespace, complaints) for item in children(root, "businessKnowledgeModel")),
        services=services,
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
            f"应只有决策、输入、业务知识、决策服务、类型和导入,但“{name}”是 {tag},请删去或改用其中一种。",
            "Expected decisions, inputs, knowledge models, services, types and imports, "
            f"but “{name}” is a {tag}, so remove it or draw one of these.",
        ),
    )


def _import(element: etree._Element, complaints: Complaints) -> Import:
    found = Import(
        element.get("id"),
        line_of(element),
        element.get("namespace") or "",
        element.get("name") or "",
        element.get("importType") or "",
    )
    if found.kind not in MODEL_NAMESPACES:
        refuse(
            complaints,
            element,
            "dmn-import",
            Text(
                f"导入的应是 DMN 文件,但“{found.name}”的类型是“{found.kind}”,请改为导入决策文件。",
                f"Expected an import of a DMN file, but “{found.name}” is of type “{found.kind}”, "
                "so import a decision file.",
            ),
        )
    return found


def _id(element: etree._Element) -> str:
    return element.get("id") or element.get("name") or ""


def _variable(element: etree._Element) -> Variable:
    variable = child(element, "variable")
    own = element.get("name") or _id(element)
    if variable is None:
        return Variable(own)
    return Variable(variable.get("name") or own, variable.get("typeRef"))


def _decision(element: etree._Element, namespace: str, given: frozenset[str], complaints: Complaints) -> Decision:
    return Decision(
        id=_id(element),
        name=element.get("name") or _id(element),
        line=line_of(element),
        variable=_variable(element),
        logic=_decided(element, f"{namespace}#{_id(element)}" in given, complaints),
        requires=_references(element, "informationRequirement", namespace),
        knowledge=_references(element, "knowledgeRequirement", namespace),
    )


def _decided(element: etree._Element, given: bool, complaints: Complaints) -> Logic:
    """A decision that a service takes as input may be left without logic, as one that people take is."""
    if given and not has_logic(element):
        return Undecided(element.get("id"), line_of(element))
    return read_logic(element, complaints)


def _references(element: etree._Element, requirement: str, namespace: str) -> tuple[str, ...]:
    return _targets([item for arrow in children(element, requirement) for item in children(arrow)], namespace)


def _targets(elements: list[etree._Element], namespace: str) -> tuple[str, ...]:
    hrefs = [element.get("href") or "" for element in elements]
    return tuple(href if not href.startswith("#") else namespace + href for href in hrefs)


def _knowledge(element: etree._Element, namespace: str, complaints: Complaints) -> KnowledgeModel:
    holder = child(element, "encapsulatedLogic")
    variable = _variable(element)
    function = read_function(holder, complaints) if holder is not None else None
    if function is None:
        refuse_empty(element, complaints)
    return KnowledgeModel(
        id=_id(element),
        name=element.get("name") or _id(element),
        line=line_of(element),
        variable=variable,
        parameters=function.parameters if function else (),
        result=(function.type if function else None) or variable.type,
        logic=function.body if function else Undecided(element.get("id"), line_of(element)),
        knowledge=_references(element, "knowledgeRequirement", namespace),
    )


def _service(element: etree._Element, namespace: str) -> DecisionService:
    def targets(name: str) -> tuple[str, ...]:
        return _targets(list(children(element, name)), namespace)

    return DecisionService(
        id=_id(element),
        name=element.get("name") or _id(element),
        line=line_of(element),
        variable=_variable(element),
        outputs=targets("outputDecision"),
        inside=targets("encapsulatedDecision"),
        input_decisions=targets("inputDecision"),
        input_data=targets("inputData"),
    )
