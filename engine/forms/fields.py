"""The compiled parts of a form: frozen, without any answer in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.errors import Text
from engine.feel import Compiled
from engine.forms.wording import Caption

if TYPE_CHECKING:
    from engine.forms.filling import Row

Check = Callable[[Any, "Row", Text], Text | None]
"""Takes a value, the row it stands in and the field's label; returns a sentence when the value breaks the rule."""

Predicate = bool | Compiled
MAX_ROWS = 200


@dataclass(frozen=True, slots=True)
class Option:
    """One answer a field offers."""

    value: object
    label: Text


@dataclass(frozen=True, slots=True)
class Offer:
    """Where the options of a field come from: fixed, an expression, or a source registered by name."""

    fixed: tuple[Option, ...] = ()
    expression: Compiled | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """What every part of a form has."""

    id: str
    type: str
    label: Caption
    hint: Caption
    hide: Compiled | None = None
    columns: int | None = None
    reads: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Component):
    """A question with a key; ``name`` is its dotted place within the form or row."""

    key: str
    name: tuple[str, ...]
    default: object = None
    required: Predicate = False
    readonly: Predicate = False
    disabled: Predicate = False
    checks: tuple[Check, ...] = ()
    offer: Offer = Offer()
    expression: Compiled | None = None
    subtype: str = ""
    digits: int | None = None
    as_text: bool = False
    max_length: int = 0
    accept: tuple[str, ...] = ()
    max_files: int = 1
    max_file_size: int = 0
    sensitive: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    prefix: Caption = Caption.NONE
    suffix: Caption = Caption.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Component):
    """Components under one heading; ``outline`` draws a frame."""

    components: tuple[Component, ...]
    outline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowList(Component):
    """A repeated group; its value is a list with one mapping per row."""

    name: tuple[str, ...]
    part: Part
    adjustable: bool = True
    default_rows: int = 1
    min_rows: int = 0
    max_rows: int = MAX_ROWS
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Display(Component):
    """Something shown and never answered."""

    content: Caption | None = None
    source: Compiled | None = None
    columns_shown: tuple[tuple[str, str], ...] = ()
    height: int = 0


Leaf = Field | RowList
Branch = Mapping[str, Any]
"""Names of one place: a leaf, or the branch of a group with a path."""


@dataclass(frozen=True, slots=True)
class Part:
    """The form itself, or what one row of a repeated group holds.

    ``affects`` says what to draw anew when a leaf changes, ``reveals`` which leaves change the questions themselves.
    """

    components: tuple[Component, ...]
    leaves: tuple[Leaf, ...]
    names: Branch
    parents: Mapping[str, Component]
    affects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reveals: frozenset[str] = frozenset()


def number_of(value: object) -> Decimal | None:
    """Return the number in a schema's value, None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        number = Decimal(value)
    except ArithmeticError:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 20 else None
