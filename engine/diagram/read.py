"""Reads a ``.bpmn`` file into the canonical tree; nothing recurses, so depth and length cannot break it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lxml import etree

from engine.diagram.errors import DiagramError
from engine.diagram.events import Declared, declared, read_event
from engine.diagram.foreign import foreign_marks
from engine.diagram.lanes import read_lanes
from engine.diagram.names import BPMN_DI, NODES, SCOPES, bpmn, split
from engine.diagram.places import read_places
from engine.diagram.tree import Diagram, Flow, Lane, Node, Process, Scope
from engine.diagram.vocabulary import attribute, node_fields, properties, read_ad_hoc, read_loop
from engine.diagram.xml import read_document
from engine.errors import Text
from engine.model import Finding, Position, Role

MAX_NODES = 10_000

_LINE_BREAK = re.compile(r"\s*\n\s*")
_LATIN_BREAK = re.compile(r"(?<=[!-~])\s*\n\s*(?=[!-~])")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What every part of one file needs while it is read."""

    file: str
    declared: Declared
    positions: Mapping[str, Position]
    foreign: Mapping[str, tuple[str, ...]]


def read(data: bytes, file: str, roles: Mapping[str, Role] | None = None) -> Diagram:
    """Return the canonical tree of a BPMN file; ``roles`` lets lanes be named by a role's Chinese name.

    Raises DiagramError when the file cannot be read or is no BPMN with a process.
    """
    document = read_document(data, file)
    root = document.root
    if root.tag != bpmn("definitions"):
        raise _refused(
            file,
            "not-bpmn",
            Text(
                "文件应为 BPMN 2.0 流程图,但根元素不是 definitions,请上传 .bpmn 文件。",
                "Expected a BPMN 2.0 diagram, but its root is not definitions, so upload a .bpmn file.",
            ),
        )
    _refuse_size(root, file)
    known = declared(root)
    reading = _Reading(file, known, document.positions, foreign_marks(root))
    elements = list(root.iterchildren(bpmn("process")))
    if not elements:
        raise _refused(
            file,
            "not-bpmn",
            Text(
                "文件中应有一个流程,但没有找到,请画一个流程后再保存。",
                "Expected a process in the file, but there is none, so draw one and save again.",
            ),
        )
    processes = tuple(_process(element, reading, roles or {}) for element in elements)
    return Diagram(
        file=file,
        xml=data,
        processes=processes,
        executable=next((process for process in processes if process.executable), processes[0]),
        findings=(),
        positions=MappingProxyType(dict(document.positions)),
        drawn=_drawn(root),
        places=read_places(root),
        messages=known.messages,
    )


def _refuse_size(root: etree._Element, file: str) -> None:
    count = sum(1 for _ in root.iter(*(bpmn(name) for name in NODES)))
    if count > MAX_NODES:
        raise _refused(
            file,
            "file-size",
            Text(
                f"流程图应不超过 {MAX_NODES} 个节点,实际为 {count} 个,请拆成几个流程。",
                f"Expected at most {MAX_NODES} nodes, but the diagram has {count}, so split it into several processes.",
            ),
        )


def _drawn(root: etree._Element) -> frozenset[str]:
    shapes = root.iter(f"{{{BPMN_DI}}}BPMNShape", f"{{{BPMN_DI}}}BPMNEdge")
    return frozenset(shape.get("bpmnElement", "") for shape in shapes)


def _process(element: etree._Element, reading: _Reading, roles: Mapping[str, Role]) -> Process:
    name = _id(element, reading)
    lanes = read_lanes(element, roles)
    return Process(
        id=name,
        name=label(element),
        executable=element.get("isExecutable") == "true",
        scope=_scope(element, reading, lanes),
        lanes=lanes,
        properties=properties(element),
        foreign=reading.foreign.get(name, ()),
        line=_line(name, reading),
    )


def _scope(process: etree._Element, reading: _Reading, lanes: Iterable[Lane]) -> Scope:
    """Inner scopes are built before the outer ones that hold them: the list is outer first and is read backwards."""
    holders = [process, *process.iter(*(bpmn(name) for name in SCOPES))]
    roles = _roles_by_element(holders, lanes)
    built: dict[etree._Element, Scope] = {}
    for holder in reversed(holders):
        flows = _flows(holder, reading)
        incoming, outgoing = _ends(flows)
        undone_by = _compensations(holder)
        nodes: dict[str, Node] = {}
        for element in holder.iterchildren(*(bpmn(name) for name in NODES)):
            name = _id(element, reading)
            nodes[name] = _node(
                element,
                reading,
                scope=built.get(element),
                lane_role=roles.get(name),
                incoming=tuple(incoming.get(name, ())),
                outgoing=tuple(outgoing.get(name, ())),
                compensated_by=undone_by.get(name),
            )
        built[holder] = Scope(MappingProxyType(nodes), flows)
    return built[process]


def _roles_by_element(holders: Iterable[etree._Element], lanes: Iterable[Lane]) -> Mapping[str, str]:
    """What stands in a sub-process stands in the sub-process's lane."""
    roles = {element: lane.role for lane in lanes if lane.role for element in lane.elements}
    for holder in holders:
        role = roles.get(holder.get("id", ""))
        for element in holder if role else ():
            roles.setdefault(element.get("id", ""), role or "")
    return roles


def _compensations(holder: etree._Element) -> Mapping[str, str]:
    """Return for each activity, and for each compensation event on its border, what the association leads to."""
    linked = {item.get("sourceRef", ""): item.get("targetRef", "") for item in holder.iterchildren(bpmn("association"))}
    found: dict[str, str] = {}
    for event in holder.iterchildren(bpmn("boundaryEvent")):
        if event.find(bpmn("compensateEventDefinition")) is None:
            continue
        handler = linked.get(event.get("id", ""))
        if handler is not None:
            found[event.get("id", "")] = found[event.get("attachedToRef", "")] = handler
    return found


def _flows(holder: etree._Element, reading: _Reading) -> tuple[Flow, ...]:
    defaults = {child.get("default") for child in holder}
    return tuple(_flow(element, defaults, reading) for element in holder.iterchildren(bpmn("sequenceFlow")))


def _flow(element: etree._Element, defaults: Collection[str | None], reading: _Reading) -> Flow:
    name = _id(element, reading)
    condition = (element.findtext(bpmn("conditionExpression")) or "").strip() or None
    return Flow(
        id=name,
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        condition=condition,
        name=label(element),
        default=name in defaults,
        line=_line(name, reading),
    )


def _ends(flows: Iterable[Flow]) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    incoming: dict[str, list[str]] = {}
    outgoing: dict[str, list[str]] = {}
    for flow in flows:
        incoming.setdefault(flow.target, []).append(flow.id)
        outgoing.setdefault(flow.source, []).append(flow.id)
    return incoming, outgoing


def _node(
    element: etree._Element,
    reading: _Reading,
    *,
    scope: Scope | None,
    lane_role: str | None,
    incoming: tuple[str, ...],
    outgoing: tuple[str, ...],
    compensated_by: str | None,
) -> Node:
    name = _id(element, reading)
    fields = node_fields(element)
    return Node(
        id=name,
        kind=split(element.tag)[1],
        name=label(element),
        line=_line(name, reading),
        event=read_event(element, reading.declared),
        attached_to=attribute(element, "attachedToRef"),
        interrupting=element.get("cancelActivity") != "false" and element.get("isInterrupting") != "false",
        triggered_by_event=element.get("triggeredByEvent") == "true",
        scope=scope,
        loop=read_loop(element),
        role=fields["groups"][0] if fields["groups"] else lane_role,
        incoming=incoming,
        outgoing=outgoing,
        for_compensation=element.get("isForCompensation") == "true",
        compensated_by=compensated_by,
        ad_hoc=read_ad_hoc(element),
        instantiates=element.get("instantiate") == "true",
        foreign=reading.foreign.get(name, ()),
        **fields,
    )


def label(element: etree._Element) -> str:
    """Return the drawn name on one line: a line break between Latin letters becomes a space, others vanish."""
    name = (element.get("name") or "").strip()
    return _LINE_BREAK.sub("", _LATIN_BREAK.sub(" ", name))


def _id(element: etree._Element, reading: _Reading) -> str:
    name = attribute(element, "id")
    if name:
        return name
    kind = split(element.tag)[1]
    place = Position(element.sourceline or 1, 1)
    raise _refused(
        reading.file,
        "missing-id",
        Text(
            f"每个元素都应有标识,但第 {place.line} 行的 {kind} 没有,请用建模工具重新保存。",
            f"Expected an id on every element, but the {kind} on line {place.line} has none, "
            "so save the file again with a modelling tool.",
        ),
        place,
    )


def _line(name: str, reading: _Reading) -> int:
    place = reading.positions.get(name)
    return place.line if place else 1


def _refused(file: str, rule: str, message: Text, place: Position | None = None) -> DiagramError:
    return DiagramError([Finding(file, None, place, rule, "error", message)])
