"""Decision files as drawn: frozen values, texts not yet compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

HitPolicy = Literal["UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
Aggregation = Literal["SUM", "MIN", "MAX", "COUNT"]


@dataclass(frozen=True, slots=True)
class Expression:
    """One FEEL text with the element that holds it."""

    id: str | None
    line: int
    text: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """An input column: what is tested, and which values it may have."""

    id: str | None
    label: str
    expression: Expression
    allowed: Expression | None


@dataclass(frozen=True, slots=True)
class Output:
    """An output column; ``allowed`` is also its order of priority, first is highest."""

    id: str | None
    line: int
    label: str
    name: str
    type: str | None
    allowed: Expression | None
    default: Expression | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One row; ``number`` counts from 1 as the editor shows it."""

    id: str | None
    line: int
    number: int
    inputs: tuple[Expression, ...]
    outputs: tuple[Expression, ...]
    annotations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table."""

    id: str | None
    line: int
    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    annotation_names: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A named part of a boxed context, a parameter binding; without a name the context's result."""

    name: str | None
    type: str | None
    value: Logic


@dataclass(frozen=True, slots=True)
class BoxedContext:
    """Entries that see the ones above them."""

    id: str | None
    line: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class BoxedList:
    """A list of expressions."""

    id: str | None
    line: int
    items: tuple[Logic, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of contexts drawn as a table of expressions."""

    id: str | None
    line: int
    columns: tuple[str, ...]
    rows: tuple[tuple[Logic, ...], ...]


@dataclass(frozen=True, slots=True)
class Invocation:
    """A knowledge model called by name with its parameters bound."""

    id: str | None
    line: int
    called: str
    bindings: tuple[Entry, ...]


Logic: TypeAlias = Expression | Table | BoxedContext | BoxedList | Relation | Invocation


@dataclass(frozen=True, slots=True)
class Variable:
    """The name under which a value enters the scope of others, and its declared type."""

    name: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class InputData:
    """A value that the caller brings."""

    id: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with what it requires; references are ``namespace#id``."""

    id: str
    name: str
    line: int
    variable: Variable
    logic: Logic
    requires: tuple[str, ...]
    knowledge: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnowledgeModel:
    """A function that decisions invoke."""

    id: str
    name: str
    line: int
    parameters: tuple[Variable, ...]
    result: str | None
    logic: Logic
    knowledge: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemType:
    """A type of the file: a restriction of another type, a list of it, or a structure."""

    id: str | None
    line: int
    name: str
    base: str | None
    collection: bool
    allowed: Expression | None
    components: tuple[ItemType, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """One file; ``imports`` maps a namespace to the name it is known by here."""

    file: str
    namespace: str
    name: str
    imports: Mapping[str, str]
    types: tuple[ItemType, ...]
    inputs: tuple[InputData, ...]
    decisions: tuple[Decision, ...]
    knowledge: tuple[KnowledgeModel, ...]
