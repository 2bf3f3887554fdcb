"""What a case is about, as label and text, personal numbers masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.errors import Text
from engine.forms import Field, mask
from engine.runtime import LoadedDefinition


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a case summary; a ``masked`` one can be revealed with a reason."""

    name: str
    label: Text
    text: Text
    masked: bool


def facts(
    definition: LoadedDefinition, names: Mapping[str, Text | None], view: Mapping[str, Any]
) -> tuple[Fact, ...]:
    """Return the variables that have a value, in this order; one without a label of its own has its field's."""
    found = (_fact(definition, name, label, view.get(name)) for name, label in names.items())
    return tuple(fact for fact in found if fact is not None)


def _fact(definition: LoadedDefinition, name: str, drawn: Text | None, value: Any) -> Fact | None:
    if value is None or value in ("", []):
        return None
    field = definition.fields.get(name)
    label = drawn or (field.label.ready if field else None) or Text(name, name)
    kind = definition.masked_names.get(name)
    if kind:
        masked = mask(kind, value)
        return Fact(name, label, Text(masked, masked), True)
    return Fact(name, label, shown(field, value), False)


def shown(field: Field | None, value: Any) -> Text:
    """Return a value as people read it: the label of a choice, yes or no, a date, an amount."""
    if field is not None:
        for option in field.offer.fixed:
            if option.value == value:
                return option.label
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, list):
        parts = [shown(field, item) for item in value]
        return Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))
    return _plain(value)


def _plain(value: Any) -> Text:
    if isinstance(value, datetime):
        return Text(f"{value:%Y-%m-%d %H:%M}", f"{value:%Y-%m-%d %H:%M}")
    if isinstance(value, date):
        return Text(value.isoformat(), value.isoformat())
    if isinstance(value, Decimal):
        text = f"{value:,f}"
        return Text(text, text)
    if isinstance(value, dict):
        return Text("…", "…")
    return Text(str(value), str(value))
