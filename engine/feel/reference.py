"""The built-in functions for people to read, from the table that the evaluator uses."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import Text
from engine.feel.builtins.table import GROUPS
from engine.feel.compiler import compile_expression
from engine.feel.functions import Builtin
from engine.feel.rereading import expression_of
from engine.feel.session import Environment
from engine.feel.syntax import Comparison

# What is beyond chapter 10.3.4 of DMN 1.5; every other entry is in it, under the same names.
OWN = frozenset(
    [
        *("is defined", "get or else", "trim", "repeat", "is empty", "partition", "duplicate values"),
        *("last day of month", "workdays after", "workdays between", "age", "age on", "money"),
    ]
)


@dataclass(frozen=True, slots=True)
class Example:
    """An expression and its value, as FEEL writes it."""

    expression: str
    value: str


@dataclass(frozen=True, slots=True)
class FunctionEntry:
    """One way to call a function; ``own`` tells that the standard does not have it."""

    name: str
    signature: str
    about: Text
    example: Example
    own: bool


@dataclass(frozen=True, slots=True)
class FunctionGroup:
    """Functions of one subject; ``id`` is a word for links."""

    id: str
    title: Text
    entries: tuple[FunctionEntry, ...]


def reference(environment: Environment) -> tuple[FunctionGroup, ...]:
    """Return every function by subject, its example evaluated in the environment."""
    return tuple(
        FunctionGroup(group.id, group.title, tuple(_entry(builtin, environment) for builtin in group.functions))
        for group in GROUPS
    )


def _entry(builtin: Builtin, environment: Environment) -> FunctionEntry:
    example = _example(builtin.example, environment)
    return FunctionEntry(builtin.name, builtin.signature, builtin.about, example, builtin.name in OWN)


def _example(text: str, environment: Environment) -> Example:
    """Return the left side of ``a = b`` with its value, else the whole expression with its own."""
    tree = compile_expression(text, ()).tree
    if isinstance(tree, Comparison) and tree.operator == "=":
        text = text[tree.left.start : tree.left.end]
    return Example(text, expression_of(compile_expression(text, ()).evaluate({}, environment).value))
