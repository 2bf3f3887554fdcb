"""Compiles every decision and knowledge model of the files that belong together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.dmn.linking import Catalogue, File, Need, Node, names_of
from engine.dmn.logic import LogicCompiler
from engine.dmn.tree import Decision, Definitions, InputData, ItemType, KnowledgeModel, Table, Variable
from engine.dmn.types import Declared, Types
from engine.dmn.workshop import Runnable, Workshop


@dataclass(frozen=True, slots=True)
class Part:
    """A decision or knowledge model ready to run, with what must be known before."""

    key: str
    node: Decision | KnowledgeModel
    file: str
    decisions: tuple[Need, ...]
    knowledge: tuple[Need, ...]
    order: tuple[str, ...]
    inputs: tuple[Variable, ...]
    logic: Runnable
    types: Types

    def free_names(self) -> frozenset[str]:
        """Return the names the logic takes from the case: not those of parameters and required parts."""
        return self.logic.reads - self._bound()

    def free_paths(self) -> frozenset[tuple[str, ...]]:
        """Return the dotted paths whose first name is free."""
        bound = self._bound()
        return frozenset(path for path in self.logic.paths if path[0] not in bound)

    def _bound(self) -> set[str]:
        bound = {
            name
            for need in (*self.decisions, *self.knowledge)
            for name in (need.names if not need.alias else (need.alias,))
        }
        if isinstance(self.node, KnowledgeModel):
            bound |= {parameter.name for parameter in self.node.parameters}
        return bound


def assemble(files: Sequence[File], names: Iterable[str]) -> dict[str, Part]:
    """Return all parts by key; what is wrong goes to each file's complaints."""
    catalogue = Catalogue(files)
    members = _members(files)
    shops = {file.complaints.file: _workshop(file, members) for file in files}
    parts: dict[str, Part] = {}
    for key, (node, file) in catalogue.nodes.items():
        if not isinstance(node, InputData):
            parts[key] = _part(key, node, file, catalogue, shops[file.complaints.file], frozenset(names))
    return parts


def _part(
    key: str, node: Decision | KnowledgeModel, file: File, catalogue: Catalogue, shop: Workshop, names: frozenset[str]
) -> Part:
    needs = catalogue.needs(key)
    knowledge = tuple(need for need in needs if isinstance(need.node, KnowledgeModel))
    compiler = LogicCompiler(shop, node.id, _signatures(knowledge))
    return Part(
        key=key,
        node=node,
        file=file.complaints.file,
        decisions=tuple(need for need in needs if isinstance(need.node, Decision)),
        knowledge=knowledge,
        order=catalogue.order(key),
        inputs=tuple(need.node.variable for need in needs if isinstance(need.node, InputData)),
        logic=_logic(node, compiler, shop, _names(node, file.definitions, needs) | names),
        types=shop.types,
    )


def _logic(node: Decision | KnowledgeModel, compiler: LogicCompiler, shop: Workshop, names: frozenset[str]) -> Runnable:
    if isinstance(node, KnowledgeModel):
        for parameter in node.parameters:
            shop.type(parameter.type, node.id, node.line)
    declared = node.result if isinstance(node, KnowledgeModel) else node.variable.type
    wanted = shop.type(declared, node.id, node.line)
    logic = compiler.compile(node.logic, names, table_id=node.id)
    return Runnable(logic.reads, logic.paths, shop.typed(logic.run, wanted, node.name))


def _names(node: Node, definitions: Definitions, needs: Iterable[Need]) -> frozenset[str]:
    names: set[str] = set()
    for need in needs:
        names |= {need.alias} if need.alias else set(need.names)
    own: Iterable[Variable] = (item.variable for item in definitions.inputs)
    if isinstance(node, KnowledgeModel):
        own = node.parameters
    return frozenset(names | {variable.name for variable in own})


def _signatures(knowledge: Iterable[Need]) -> dict[str, tuple[str, ...]]:
    return {
        f"{need.alias}.{name}" if need.alias else name: tuple(item.name for item in need.node.parameters)
        for need in knowledge
        if isinstance(need.node, KnowledgeModel)
        for name in names_of(need.node)
    }


def _members(files: Sequence[File]) -> frozenset[str]:
    """Names that may follow a dot: what imported files offer, parts of structures, outputs of tables."""
    found: set[str] = set()
    for file in files:
        drawn = file.definitions
        nodes: tuple[Node, ...] = (*drawn.decisions, *drawn.knowledge)
        found.update(name for node in nodes for name in names_of(node))
        found.update(part.name for item in drawn.types for part in item.components)
        tables = (node.logic for node in drawn.decisions if isinstance(node.logic, Table))
        found.update(output.name for table in tables for output in table.outputs)
    return frozenset(found)


def _workshop(file: File, members: frozenset[str]) -> Workshop:
    untyped = Workshop(file.complaints, Types(()), members)
    types = Types(_declared(item, untyped) for item in file.definitions.types)
    types.check(file.complaints)
    shop = Workshop(file.complaints, types, members)
    for data in file.definitions.inputs:
        shop.type(data.variable.type, data.id, 0)
    return shop


def _declared(item: ItemType, shop: Workshop) -> Declared:
    allowed = shop.tests(item.allowed, frozenset()) if item.allowed else None
    components: Mapping[str, Declared] = {part.name: _declared(part, shop) for part in item.components}
    return Declared(item, allowed, components)
