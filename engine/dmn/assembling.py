"""Compiles every decision, knowledge model and service of the files that belong together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.dmn.linking import Catalogue, File, Need, Node, names_of
from engine.dmn.logic import LogicCompiler
from engine.dmn.tree import (
    Decision,
    DecisionService,
    Definitions,
    InputData,
    ItemType,
    KnowledgeModel,
    Table,
    Variable,
)
from engine.dmn.types import Declared, Types
from engine.dmn.workshop import Runnable, Workshop

Asked = Decision | KnowledgeModel | DecisionService
_NOTHING = Runnable(frozenset(), frozenset(), lambda _scope, _environment: NotImplemented)


@dataclass(frozen=True, slots=True)
class Part:
    """A decision, knowledge model or service ready to run, with what must be known before.

    ``parameters`` are those of a knowledge model or service. A service has its outputs as ``decisions``, what it takes
    as ``taken``, and those it computes as ``inside``.
    """

    key: str
    node: Asked
    file: str
    decisions: tuple[Need, ...]
    functions: tuple[Need, ...]
    inputs: tuple[Need, ...]
    parameters: tuple[Variable, ...]
    taken: tuple[Need, ...]
    inside: tuple[str, ...]
    logic: Runnable
    types: Types

    @property
    def given(self) -> tuple[Need, ...]:
        """Return the decisions that a service takes as input."""
        return tuple(need for need in self.taken if isinstance(need.node, Decision))

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
            for need in (*self.decisions, *self.functions)
            for name in (need.names if not need.alias else (need.alias,))
        }
        return bound | {parameter.name for parameter in self.parameters}


@dataclass(frozen=True, slots=True)
class Assembled:
    """All parts by key, and for every node, input data too, the types of its file."""

    parts: Mapping[str, Part]
    types: Mapping[str, Types]


def assemble(files: Sequence[File], names: Iterable[str]) -> Assembled:
    """Return all parts; what is wrong goes to each file's complaints."""
    catalogue = Catalogue(files)
    catalogue.check_circles()
    shops = _workshops(files)
    known = frozenset(names)
    parts: dict[str, Part] = {}
    for key, (node, file) in catalogue.nodes.items():
        if not isinstance(node, InputData):
            parts[key] = _part(key, node, file, catalogue, shops[file.complaints.file], known)
    return Assembled(parts, {key: shops[file.complaints.file].types for key, (_, file) in catalogue.nodes.items()})


def _part(key: str, node: Asked, file: File, catalogue: Catalogue, shop: Workshop, names: frozenset[str]) -> Part:
    needs = catalogue.needs(key)
    functions = tuple(need for need in needs if isinstance(need.node, KnowledgeModel | DecisionService))
    service = node if isinstance(node, DecisionService) else None
    return Part(
        key=key,
        node=node,
        file=file.complaints.file,
        decisions=tuple(need for need in needs if isinstance(need.node, Decision)),
        functions=functions,
        inputs=tuple(need for need in needs if isinstance(need.node, InputData)),
        parameters=_parameters(key, node, catalogue),
        taken=_taken(key, node, catalogue),
        inside=catalogue.inside(key) if service else (),
        logic=_logic(node, functions, catalogue, shop, _names(node, file.definitions, needs) | names),
        types=shop.types,
    )


def _parameters(key: str, node: Node, catalogue: Catalogue) -> tuple[Variable, ...]:
    if isinstance(node, KnowledgeModel):
        return node.parameters
    return tuple(Variable(need.parameter) for need in _taken(key, node, catalogue))


def _taken(key: str, node: Node, catalogue: Catalogue) -> tuple[Need, ...]:
    """A service takes its input data first, then its input decisions (DMN 10.4)."""
    if not isinstance(node, DecisionService):
        return ()
    needs = catalogue.resolved(key, (*node.input_data, *node.input_decisions))
    return tuple(need for need in needs if isinstance(need.node, InputData | Decision))


def _logic(
    node: Asked, functions: Iterable[Need], catalogue: Catalogue, shop: Workshop, names: frozenset[str]
) -> Runnable:
    parameters = node.parameters if isinstance(node, KnowledgeModel) else ()
    for parameter in parameters:
        shop.type(parameter.type, node.id, node.line)
    declared = node.result if isinstance(node, KnowledgeModel) else node.variable.type
    wanted = shop.type(declared, node.id, node.line)
    if isinstance(node, DecisionService):
        return _NOTHING
    if isinstance(node, KnowledgeModel):
        wanted = shop.types.result_of(wanted)
    compiler = LogicCompiler(shop, node.id, _signatures(functions, catalogue))
    logic = compiler.compile(node.logic, names, table_id=node.id)
    return logic.running(shop.typed(logic.run, wanted, node.name))


def _names(node: Node, definitions: Definitions, needs: Iterable[Need]) -> frozenset[str]:
    names: set[str] = set()
    for need in needs:
        names |= {need.alias} if need.alias else set(need.names)
    own: Iterable[Variable] = (item.variable for item in definitions.inputs)
    if isinstance(node, KnowledgeModel):
        own = node.parameters
    return frozenset(names | {variable.name for variable in own})


def _signatures(functions: Iterable[Need], catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    return {
        f"{need.alias}.{name}" if need.alias else name: tuple(
            parameter.name for parameter in _parameters(need.key, need.node, catalogue)
        )
        for need in functions
        for name in names_of(need.node)
    }


def _members(files: Sequence[File]) -> frozenset[str]:
    """Names that may follow a dot: what imported files offer, parts of structures, outputs of tables."""
    found: set[str] = set()
    for file in files:
        drawn = file.definitions
        nodes: tuple[Node, ...] = (*drawn.inputs, *drawn.decisions, *drawn.knowledge, *drawn.services)
        found.update(name for node in nodes for name in names_of(node))
        found.update(item.name for item in drawn.imports)
        found.update(part.name for item in drawn.types for part in item.components)
        tables = (node.logic for node in drawn.decisions if isinstance(node.logic, Table))
        found.update(output.name for table in tables for output in table.outputs)
    return frozenset(found - {""})


def _workshops(files: Sequence[File]) -> dict[str, Workshop]:
    members = _members(files)
    types = {file.definitions.namespace: _types(file, members) for file in files}
    shops: dict[str, Workshop] = {}
    for file in files:
        own = types[file.definitions.namespace]
        own.link({item.name: types[item.namespace] for item in file.definitions.imports if item.namespace in types})
    for file in files:
        own = types[file.definitions.namespace]
        own.check(file.complaints)
        shops[file.complaints.file] = shop = Workshop(file.complaints, own, members, _types_of_variables(file))
        for data in file.definitions.inputs:
            shop.type(data.variable.type, data.id, 0)
    return shops


def _types_of_variables(file: File) -> dict[str, str]:
    nodes: tuple[InputData | Decision, ...] = (*file.definitions.inputs, *file.definitions.decisions)
    return {name: node.variable.type for node in nodes for name in names_of(node) if node.variable.type}


def _types(file: File, members: frozenset[str]) -> Types:
    untyped = Workshop(file.complaints, Types(()), members)
    return Types(_declared(item, untyped) for item in file.definitions.types)


def _declared(item: ItemType, shop: Workshop) -> Declared:
    allowed = shop.tests(item.allowed, frozenset()) if item.allowed else None
    constraint = shop.tests(item.constraint, frozenset()) if item.constraint else None
    components: Mapping[str, Declared] = {part.name: _declared(part, shop) for part in item.components}
    return Declared(item, allowed, constraint, components)
