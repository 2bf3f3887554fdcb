"""Reads the lanes of a process and the role each stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.diagram.names import bpmn
from engine.diagram.tree import Lane
from engine.diagram.vocabulary import properties
from engine.model import Role


def read_lanes(process: etree._Element, roles: Mapping[str, Role]) -> tuple[Lane, ...]:
    """Return all lanes, outer before inner; an inner lane without a role of its own takes the outer one's."""
    return tuple(_lanes(process, roles))


def _lanes(process: etree._Element, roles: Mapping[str, Role]) -> Iterator[Lane]:
    todo: list[tuple[etree._Element, str | None]] = [(found, None) for found in process.iterchildren(bpmn("laneSet"))]
    while todo:
        holder, outer = todo.pop(0)
        for element in holder.iterchildren(bpmn("lane")):
            name = (element.get("name") or "").strip()
            role = properties(element).get("role", "").strip() or _role_named(name, roles) or outer
            refs = (found.text or "" for found in element.iterchildren(bpmn("flowNodeRef")))
            yield Lane(element.get("id", ""), name, role, frozenset(ref.strip() for ref in refs))
            todo.extend((found, role) for found in element.iterchildren(bpmn("childLaneSet")))


def _role_named(name: str, roles: Mapping[str, Role]) -> str | None:
    return next((role.id for role in roles.values() if name in (role.id, role.name.zh)), None)
