"""Resolves what decisions require, across files: who needs whom, in which order, under which names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.dmn.errors import Complaints
from engine.dmn.tree import Decision, DecisionService, Definitions, InputData, KnowledgeModel
from engine.errors import Text

Node = Decision | KnowledgeModel | DecisionService | InputData


@dataclass(frozen=True, slots=True)
class File:
    """A file as read, with the place for its findings."""

    definitions: Definitions
    complaints: Complaints


@dataclass(frozen=True, slots=True)
class Need:
    """A required node: its key, the alias of its file (``""`` in the same one), and its names there."""

    key: str
    alias: str
    names: tuple[str, ...]
    node: Node

    @property
    def parameter(self) -> str:
        """Return the name of the parameter by which a decision service takes it."""
        name = self.node.variable.name
        return f"{self.alias}.{name}" if self.alias else name


class Catalogue:
    """All nodes of all files by ``namespace#id``."""

    def __init__(self, files: Iterable[File]) -> None:
        self.nodes: dict[str, tuple[Node, File]] = {}
        for file in files:
            for node in _nodes(file.definitions):
                self._add(node, file)

    def needs(self, key: str) -> tuple[Need, ...]:
        """Return what a node requires: of a service, its output decisions; broken references are recorded."""
        return self.resolved(key, _references(self.nodes[key][0]))

    def resolved(self, key: str, references: Iterable[str]) -> tuple[Need, ...]:
        """Return the nodes that the references of a node lead to; broken ones are recorded."""
        node, file = self.nodes[key]
        return tuple(need for href in references if (need := self._resolve(href, node, file)))

    def inside(self, service: str) -> tuple[str, ...]:
        """Return the decisions that a service computes: what its outputs require, up to its input decisions."""
        node, _ = self.nodes[service]
        given = node.input_decisions if isinstance(node, DecisionService) else ()
        found: dict[str, None] = {}
        waiting = [need.key for need in self.needs(service)]
        while waiting:
            key = waiting.pop()
            if key in found or key in given or not isinstance(self.nodes[key][0], Decision):
                continue
            found[key] = None
            waiting += [need.key for need in self.needs(key)]
        return tuple(found)

    def check_circles(self) -> None:
        """Record a finding for every circle of requirements."""
        done: set[str] = set()
        for key, (node, _) in self.nodes.items():
            if key not in done and not isinstance(node, InputData):
                self._follow(key, done)

    def _follow(self, key: str, done: set[str]) -> None:
        path: dict[str, None] = {key: None}
        stack = [iter(self.needs(key))]
        while stack:
            need = next(stack[-1], None)
            if need is None:
                stack.pop()
                done.add(path.popitem()[0])
            elif need.key in path:
                self._refuse_circle(list(path)[list(path).index(need.key) :])
            elif need.key not in done and not isinstance(need.node, InputData):
                path[need.key] = None
                stack.append(iter(self.needs(need.key)))

    def _add(self, node: Node, file: File) -> None:
        key = f"{file.definitions.namespace}#{node.id}"
        if key in self.nodes:
            file.complaints.add(
                node.id,
                0,
                "dmn-duplicate",
                Text(
                    f"标识“{node.id}”应只用一次,但出现了两次,请改名。",
                    f"Expected the id “{node.id}” once, but it occurs twice, so rename one.",
                ),
            )
        self.nodes[key] = (node, file)

    def _resolve(self, href: str, node: Node, file: File) -> Need | None:
        found = self.nodes.get(href)
        if found is None:
            self._refuse(
                node,
                file,
                Text(
                    f"“{node.id}”所依据的“{href}”不存在,请检查连线或导入。",
                    f"Expected “{href}”, which “{node.id}” requires, but it does not exist, "
                    "so check the arrow or the import.",
                ),
            )
            return None
        target, home = found
        alias = "" if home is file else file.definitions.alias_of(home.definitions.namespace) or ""
        return Need(href, alias, names_of(target), target)

    def _refuse_circle(self, keys: Iterable[str]) -> None:
        for key in keys:
            node, file = self.nodes[key]
            self._refuse(
                node,
                file,
                Text(
                    f"“{node.id}”的依据绕成了圈,请断开其中一条连线。",
                    f"Expected no circle of requirements, but “{node.id}” requires itself, so remove an arrow.",
                ),
            )

    def _refuse(self, node: Node, file: File, message: Text) -> None:
        line = 0 if isinstance(node, InputData) else node.line
        finding = (node.id, line, "dmn-requirement", message)
        if not any((known.element, known.message) == (node.id, message) for known in file.complaints.findings):
            file.complaints.add(*finding)


def names_of(node: Node) -> tuple[str, ...]:
    """Return the names under which a node's value is in scope: variable, name, and id as the modelling tools do."""
    if isinstance(node, InputData):
        return (node.variable.name,)
    return tuple(dict.fromkeys((node.variable.name, node.name, node.id)))


def scoped(values: Sequence[tuple[Need, object]]) -> dict[str, object]:
    """Return the values under their names, those of another file inside a context named by its alias."""
    scope: dict[str, object] = {}
    for need, value in values:
        target = scope
        if need.alias:
            target = scope.setdefault(need.alias, {})  # type: ignore[assignment]  # an alias holds a dict, always
        target.update(dict.fromkeys(need.names, value))
    return scope


def _nodes(definitions: Definitions) -> Iterable[Node]:
    return (*definitions.inputs, *definitions.decisions, *definitions.knowledge, *definitions.services)


def _references(node: Node) -> tuple[str, ...]:
    match node:
        case Decision():
            return (*node.requires, *node.knowledge)
        case KnowledgeModel():
            return node.knowledge
        case DecisionService():
            return node.outputs
        case InputData():
            return ()
