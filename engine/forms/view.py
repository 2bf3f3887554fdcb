"""What the templates need to know about one component, worked out before they run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from engine.forms.fields import Component, Display, Field, Leaf, RowList
from engine.forms.filling import ABSENT, Row
from engine.forms.masking import mask
from engine.forms.options import token
from engine.forms.wording import shown

_FEN = -2


@dataclass(slots=True)
class Choice:
    """One option as drawn."""

    id: str
    value: str
    label: str
    chosen: bool


@dataclass(slots=True)
class View:
    """One component as drawn; ``wrapper`` is the element a partial update replaces, ``id`` the input."""

    kind: str
    wrapper: str
    id: str = ""
    name: str = ""
    label: str = ""
    hint: str = ""
    error: str = ""
    required: bool = False
    value: Any = ""
    choices: list[Choice] = field(default_factory=list)
    affects: str = ""
    reveals: bool = False
    prefix: str = ""
    suffix: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    source: Any = None
    rows: list[Any] = field(default_factory=list)
    files: list[dict[str, str]] = field(default_factory=list)
    columns: int | None = None
    asks: bool = True
    can_add: bool = False
    can_remove: bool = False
    swap: bool = False

    @property
    def described(self) -> str:
        """Return the ids of the hint and error that belong to the input."""
        ids = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*ids, f"{self.id}-error"] if self.error else ids)


def wrapper_id(row: Row, component: Component) -> str:
    """Return the id of the element around a component."""
    return f"c-{dashed(row.path)}{component.id}"


def field_id(path: str) -> str:
    """Return the id of the input at a field path such as ``members[0].name``."""
    return f"f-{dashed(path)}"


def dashed(path: str) -> str:
    """Return a path with dashes instead of brackets and dots."""
    return path.replace("[", "-").replace("].", "-").replace("]", "").replace(".", "-")


def affected_ids(row: Row, leaf: Leaf) -> str:
    """Return the wrapper ids of the components whose look depends on this leaf, those of outer rows included."""
    ids = [f"c-{dashed(row.path)}{id_}" for id_ in row.part.affects.get(leaf.id, ())]
    outer, around = row.outer, row.around_list
    return " ".join([*ids, affected_ids(outer, around)] if outer is not None and around is not None else ids).strip()


def field_view(row: Row, leaf: Field, language: str, error: str, reveal: bool) -> View:
    """Return a question as drawn; what was typed stays exactly as typed."""
    path = row.path + ".".join(leaf.name)
    editable = row.editable(leaf)
    view = View(
        kind=leaf.type if editable else "output",
        wrapper=wrapper_id(row, leaf),
        id=field_id(path),
        name=path,
        label=row.label(leaf).in_language(language),
        hint=leaf.hint.text(row, row.around.environment).in_language(language),
        error=error,
        required=editable and row.required(leaf),
        affects=affected_ids(row, leaf) if editable else "",
        reveals=editable and leaf.id in row.part.reveals,
        prefix=leaf.prefix.text(row, row.around.environment).in_language(language),
        suffix=leaf.suffix.text(row, row.around.environment).in_language(language),
        facts={**leaf.facts, "accept": ",".join(leaf.accept), "subtype": leaf.subtype, "digits": str(leaf.digits)},
        columns=leaf.columns,
    )
    if leaf.type == "filepicker":
        view.files = _files(row, leaf)
        view.can_add = len(view.files) < leaf.max_files
    elif not editable:
        view.value = _output(row, leaf, language, reveal)
    elif leaf.offer.fixed or leaf.offer.expression or leaf.offer.source:
        view.choices = _choices(row, leaf, view.id, language)
    else:
        view.value = _input_value(row, leaf, reveal)
    return view


def _input_value(row: Row, leaf: Field, reveal: bool) -> Any:
    typed = row.typed(leaf)
    value = row.first_value(leaf) if typed is ABSENT else typed
    if leaf.type == "checkbox":
        return value in (True, "true", "on", "1")
    text = value if isinstance(value, str) else input_text(value)
    masked = leaf.sensitive and typed is ABSENT and not reveal and text
    return mask(leaf.sensitive, text) if masked else text


def input_text(value: Any) -> str:
    """Return a stored value as an HTML input takes it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return format(Decimal(value), "f")
    return value.isoformat("minutes") if isinstance(value, time) else shown(value)


def _choices(row: Row, leaf: Field, id_: str, language: str) -> list[Choice]:
    typed = row.typed(leaf)
    value = row.first_value(leaf) if typed is ABSENT else typed
    chosen = {token(item) for item in (value if isinstance(value, list) else [value]) if item not in (None, "")}
    return [
        Choice(id_ if at == 0 else f"{id_}--{at}", token(option.value), option.label.in_language(language),
               token(option.value) in chosen)
        for at, option in enumerate(row.options(leaf))
    ]  # fmt: skip


def _output(row: Row, leaf: Field, language: str, reveal: bool) -> str:
    value = row.entry(leaf).value
    if isinstance(value, bool):
        return ("Yes" if value else "No") if language.startswith("en") else shown(value)
    if leaf.offer != type(leaf.offer)():
        labels = {token(option.value): option.label.in_language(language) for option in row.options(leaf)}
        items = value if isinstance(value, list) else [value]
        return "、".join(labels.get(token(item), shown(item)) for item in items if item is not None)
    text = shown(value)
    return mask(leaf.sensitive, text) if leaf.sensitive and text and not reveal else text


def _files(row: Row, leaf: Field) -> list[dict[str, str]]:
    items = row.entry(leaf).value
    return [{"file": str(item.get("file", "")), "name": str(item.get("name", "")), "size": _size(item.get("size"))}
            for item in (items or []) if isinstance(item, Mapping)]  # fmt: skip


def _size(size: Any) -> str:
    kilobytes = int(size or 0) / 1024
    return f"{kilobytes / 1024:.1f} MB" if kilobytes >= 1024 else f"{max(kilobytes, 1):.0f} KB"


def table_view(row: Row, display: Display, language: str) -> View:
    """Return a table with its lines as text."""
    found = row.evaluate(display.source) if display.source is not None else None
    lines = found[:200] if isinstance(found, list) else []
    keys = [key for key, _ in display.columns_shown]
    return View(
        kind="table", wrapper=wrapper_id(row, display), label=row.label(display).in_language(language),
        source=[label for _, label in display.columns_shown],
        rows=[[_cell(line.get(key)) for key in keys] for line in lines if isinstance(line, Mapping)],
        columns=display.columns,
    )  # fmt: skip


def _cell(value: object) -> str:
    """Return a value of a table as text; what is written to the fen is an amount: 1,790.00."""
    to_the_fen = isinstance(value, Decimal) and value.as_tuple().exponent == _FEN
    return f"{value:,f}" if to_the_fen else shown(value)


def row_list_view(row: Row, leaf: RowList, language: str, error: str) -> View:
    """Return a repeated group as drawn, still without its lines."""
    path = row.path + ".".join(leaf.name)
    count = len(row.rows(leaf))
    return View(
        kind="rows", wrapper=wrapper_id(row, leaf), id=field_id(path), name=path,
        label=row.label(leaf).in_language(language),
        hint=leaf.hint.text(row, row.around.environment).in_language(language), error=error,
        asks=row.editable(leaf), can_add=row.editable(leaf) and leaf.adjustable and count < leaf.max_rows,
        can_remove=row.editable(leaf) and leaf.adjustable, required=leaf.min_rows > 0, columns=leaf.columns,
    )  # fmt: skip
