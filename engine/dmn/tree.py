"""Decision files as drawn: frozen values, texts not yet compiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

HitPolicy = Literal["UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
Aggregation = Literal["SUM", "MIN", "MAX", "COUNT"]
Loop = Literal["for", "some", "every"]


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
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """The name under which a value enters the scope of others, and its declared type."""

    name: str
    type: str | None = None


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
    type: str | None = None


@dataclass(frozen=True, slots=True)
class BoxedList:
    """A list of expressions."""

    id: str | None
    line: int
    items: tuple[Logic, ...]
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of contexts drawn as a table of expressions."""

    id: str | None
    line: int
    columns: tuple[Variable, ...]
    rows: tuple[tuple[Logic, ...], ...]
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Invocation:
    """A function, such as a knowledge model, called by name with its parameters bound."""

    id: str | None
    line: int
    called: str
    bindings: tuple[Entry, ...]
    type: str | None = None


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """A function as a value; its body sees the names around it."""

    id: str | None
    line: int
    parameters: tuple[Variable, ...]
    body: Logic
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Conditional:
    """``if`` with its two branches drawn as boxes."""

    id: str | None
    line: int
    condition: Logic
    then: Logic
    otherwise: Logic
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Iteration:
    """``for``, ``some`` or ``every``: the body is computed for each item of the source."""

    id: str | None
    line: int
    kind: Loop
    variable: str
    source: Logic
    body: Logic
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """The items of the source for which the condition holds."""

    id: str | None
    line: int
    source: Logic
    condition: Logic
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Undecided:
    """No logic: the value of such a decision is always given, as a decision service's input decisions are."""

    id: str | None
    line: int
    type: str | None = None


Logic: TypeAlias = (
    Expression
    | Table
    | BoxedContext
    | BoxedList
    | Relation
    | Invocation
    | FunctionDefinition
    | Conditional
    | Iteration
    | Filter
    | Undecided
)


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
    variable: Variable
    parameters: tuple[Variable, ...]
    result: str | None
    logic: Logic
    knowledge: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionService:
    """Decisions offered together as a function of the input data and input decisions; references as above."""

    id: str
    name: str
    line: int
    variable: Variable
    outputs: tuple[str, ...]
    inside: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FunctionItem:
    """The type of a function: its parameters and its result."""

    parameters: tuple[Variable, ...]
    result: str | None


@dataclass(frozen=True, slots=True)
class ItemType:
    """A type of the file: a restriction of another type, a list of it, a structure, or a function.

    ``allowed`` restricts each item of a collection, ``constraint`` the value as a whole (DMN 1.5, 7.3.3).
    """

    id: str | None
    line: int
    name: str
    base: str | None
    collection: bool
    allowed: Expression | None
    components: tuple[ItemType, ...]
    constraint: Expression | None = None
    function: FunctionItem | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """Another file's namespace and the name it is known by here."""

    id: str | None
    line: int
    namespace: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """One file."""

    file: str
    namespace: str
    name: str
    imports: tuple[Import, ...]
    types: tuple[ItemType, ...]
    inputs: tuple[InputData, ...]
    decisions: tuple[Decision, ...]
    knowledge: tuple[KnowledgeModel, ...]
    services: tuple[DecisionService, ...] = ()

    def alias_of(self, namespace: str) -> str | None:
        """Return the name by which the file knows another one, None when it does not import it."""
        return next((item.name for item in self.imports if item.namespace == namespace), None)
