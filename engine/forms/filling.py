"""One filling of a form: which fields are shown, editable and required, and what FEEL reads there.

Visibility and values are resolved on demand, so conditions see a hidden field as null wherever it stands in the form.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from engine.errors import Text
from engine.feel import Compiled, Environment
from engine.forms.fields import Component, Field, Leaf, Option, Part, Predicate, RowList
from engine.forms.masking import mask
from engine.forms.options import CHOICES, Source, chosen, offered
from engine.forms.reading import Reading, empty_value, is_empty, read
from engine.forms.uploads import held

ABSENT: Final = object()
ROW_MARK = "_row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What stands around a form while it is filled; ``files`` are the uploads this person may use, by key."""

    context: Mapping[str, object]
    environment: Environment
    today: date
    sources: Mapping[str, Source] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    regions: Callable[[str], bool] | None = None
    allowed_regions: Collection[str] | None = None
    locked: bool = False


class Row(Mapping[str, object]):
    """The names one place of a form can read: its own answers, then the rows around it, then the case."""

    def __init__(
        self, part: Part, raw: Mapping[str, Any], initial: Mapping[str, Any], around: Surroundings,
        path: str = "", outer: Row | None = None, index: int = 0, around_list: RowList | None = None,
    ) -> None:  # fmt: skip
        self.part, self.raw, self.initial, self.around = part, raw, initial, around
        self.path, self.outer, self.index, self.around_list = path, outer, index, around_list
        self.all_hidden = outer is not None and around_list is not None and outer.hidden(around_list)
        self._hidden: dict[str, bool] = {}
        self._entries: dict[str, Reading] = {}
        self._rows: dict[str, list[Row]] = {}
        self._offers: dict[str, list[Option]] = {}
        self._busy: set[tuple[str, str]] = set()

    def __getitem__(self, name: str) -> object:
        known = self.part.names.get(name)
        if known is not None:
            return self._answer(known)
        if name == "this":
            return dict(self)
        if self.outer is None:
            return self.around.context[name]
        if name == "parent":
            return dict(self.outer)
        return self._counts() if name == "i" else self.outer[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.part.names)

    def __len__(self) -> int:
        return len(self.part.names)

    def evaluate(self, compiled: Compiled) -> Any:
        """Return the value of an expression read here, null where it fails."""
        return compiled.evaluate(self, self.around.environment).value

    def holds(self, predicate: Predicate) -> bool:
        """Return whether a constant or expression is true; null is not."""
        return predicate if isinstance(predicate, bool) else self.evaluate(predicate) is True

    def label(self, component: Component) -> Text:
        """Return the component's label, filled."""
        return component.label.text(self, self.around.environment)

    def hidden(self, component: Component) -> bool:
        """Return whether the component, or a group around it, is hidden."""
        known = self._hidden.get(component.id)
        if known is None:
            if ("hide", component.id) in self._busy:
                return False
            known = self._hidden[component.id] = self._resolve_hidden(component)
        return known

    def editable(self, leaf: Leaf) -> bool:
        """Return whether the person's own answer counts here."""
        if self.around.locked or isinstance(leaf, RowList):
            return not self.around.locked
        return leaf.expression is None and not self.disabled(leaf) and not self.holds(leaf.readonly)

    def disabled(self, leaf: Field) -> bool:
        """Return whether the field is disabled, so that its value is shown but never stored."""
        return self.holds(leaf.disabled)

    def required(self, leaf: Field) -> bool:
        """Return whether an answer is required now."""
        return self.holds(leaf.required)

    def options(self, leaf: Field) -> list[Option]:
        """Return what the field offers now."""
        if leaf.id not in self._offers:
            self._offers[leaf.id] = offered(leaf.offer, self, self.around.sources)
        return self._offers[leaf.id]

    def entry(self, leaf: Field) -> Reading:
        """Return the field's value, or why what was typed cannot be one."""
        known = self._entries.get(leaf.id)
        if known is None:
            if ("read", leaf.id) in self._busy:
                return Reading(self.first_value(leaf))
            known = self._entries[leaf.id] = self._guarded("read", leaf.id, lambda: self._resolve_entry(leaf))
        return known

    def typed(self, leaf: Field) -> Any:
        """Return what the person typed, ABSENT when this field was not sent."""
        return dig(self.raw, leaf.name)

    def first_value(self, leaf: Field) -> Any:
        """Return the value before anyone typed: the case's, else the form's default, else empty."""
        found = dig(self.initial, leaf.name)
        if found is ABSENT or found is None:
            found = leaf.default
        return empty_value(leaf.type) if found is None else found

    def rows(self, leaf: RowList) -> list[Row]:
        """Return one Row per line of a repeated group, at most as many as it allows."""
        name = ".".join(leaf.name)
        if name not in self._rows:
            self._rows[name] = [self._row(leaf, name, at, *pair) for at, pair in enumerate(self._lines(leaf))]
        return self._rows[name]

    def row_count(self, leaf: RowList) -> int:
        """Return how many lines were sent, also those beyond the limit."""
        sent = dig(self.raw, leaf.name)
        return len(sent) if isinstance(sent, list) and leaf.adjustable else len(self.rows(leaf))

    def _answer(self, known: Any) -> object:
        if isinstance(known, Field):
            return None if self.hidden(known) else self.entry(known).value
        if isinstance(known, RowList):
            return [] if self.hidden(known) else [dict(row) for row in self.rows(known)]
        return {name: self._answer(inside) for name, inside in known.items()}

    def _resolve_hidden(self, component: Component) -> bool:
        if self.all_hidden:
            return True
        container = self.part.parents.get(component.id)
        if container is not None and self.hidden(container):
            return True
        hide = component.hide
        if hide is None:
            return False
        return bool(self._guarded("hide", component.id, lambda: self.evaluate(hide) is True))

    def _resolve_entry(self, leaf: Field) -> Reading:
        if self.around.locked:
            stored = dig(self.initial, leaf.name)
            return Reading(None if stored is ABSENT else stored)
        if leaf.expression is not None:
            return Reading(self.evaluate(leaf.expression))
        editable = self.editable(leaf)
        typed = self.typed(leaf) if editable else ABSENT
        # What stood there before is read only where it matters: it may cost a row of the case.
        first = self.first_value(leaf) if typed is ABSENT or leaf.sensitive or leaf.type == "filepicker" else None
        if not editable:
            return Reading(first)
        if typed is ABSENT or (leaf.sensitive and first and typed == mask(leaf.sensitive, first)):
            typed = first
        reading = read(leaf, typed, self.label(leaf))
        if reading.refusal is not None or is_empty(leaf.type, reading.value):
            return reading
        if leaf.type in CHOICES:
            return chosen(reading.value, self.options(leaf), self.label(leaf))
        if leaf.type == "filepicker":
            return held(reading.value, first, self.around.files, self.label(leaf))
        return reading

    def _guarded(self, what: str, id_: str, resolve: Callable[[], Any]) -> Any:
        mark = (what, id_)
        self._busy.add(mark)
        try:
            return resolve()
        finally:
            self._busy.discard(mark)

    def _lines(self, leaf: RowList) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """Return for each line what was typed and what it began with; a line begins with the one it was drawn from."""
        first = dig(self.initial, leaf.name)
        before = [line if isinstance(line, Mapping) else {} for line in first] if isinstance(first, list) else None
        sent = dig(self.raw, leaf.name)
        typed = [line if isinstance(line, Mapping) else {} for line in sent] if isinstance(sent, list) else None
        if self.around.locked or not leaf.adjustable or typed is None:
            lines = before if before is not None else [{}] * leaf.default_rows
            return _paired(typed or [], lines)[: leaf.max_rows]
        left: dict[str, Mapping[str, Any]] = {str(at): line for at, line in enumerate(before or [])}
        return [(line, left.pop(_origin(line, at), {})) for at, line in enumerate(typed[: leaf.max_rows])]

    def _row(self, leaf: RowList, name: str, at: int, raw: Mapping[str, Any], initial: Mapping[str, Any]) -> Row:
        path = f"{self.path}{name}[{at}]."
        return Row(leaf.part, raw, initial, self.around, path, self, at, leaf)

    def _counts(self) -> list[Decimal]:
        inner = [Decimal(self.index + 1)]
        return inner if self.outer is None or self.outer.outer is None else [*self.outer._counts(), *inner]


def dig(values: Any, name: tuple[str, ...]) -> Any:
    """Return the nested value under a dotted name, ABSENT when a step is missing."""
    for step in name:
        if not isinstance(values, Mapping):
            return ABSENT
        try:
            values = values[step]
        except KeyError:
            return ABSENT
    return values


def _origin(line: Mapping[str, Any], at: int) -> str:
    mark = line.get(ROW_MARK, str(at))
    return mark if isinstance(mark, str) else ""


def _paired(
    typed: list[Mapping[str, Any]], lines: list[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    by_origin = {_origin(line, at): line for at, line in enumerate(typed)}
    return [(by_origin.get(str(at), {}), line) for at, line in enumerate(lines)]
