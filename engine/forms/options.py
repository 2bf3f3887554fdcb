"""The answers a field offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.errors import ModelError, Text
from engine.forms.fields import Offer, Option
from engine.forms.messages import not_offered
from engine.forms.reading import Reading
from engine.forms.wording import shown

if TYPE_CHECKING:
    from engine.forms.filling import Row

Source = Callable[[Mapping[str, object]], Iterable[Option]]
"""A registered option source: takes the form's answers and the case's names, returns what is offered."""

CHOICES = frozenset({"checklist", "radio", "select", "taglist"})
MAX_OPTIONS = 5000


def offered(offer: Offer, row: Row, sources: Mapping[str, Source]) -> list[Option]:
    """Return the options an offer makes to this row; raises ModelError for a source nobody registered."""
    if offer.source is not None:
        if offer.source not in sources:
            raise ModelError(Text(
                f"选项来源“{offer.source}”没有登记，请联系管理员",
                f"Expected a registered option source but “{offer.source}” is none, so register it",
            ))  # fmt: skip
        return list(sources[offer.source](row))[:MAX_OPTIONS]
    if offer.expression is not None:
        found = row.evaluate(offer.expression)
        options = [option_of(item) for item in found[:MAX_OPTIONS]] if isinstance(found, list) else []
        return [option for option in options if option is not None]
    return list(offer.fixed)


def option_of(item: Any) -> Option | None:
    """Return the option in a schema's or expression's item: a scalar, or ``{label, value, label_en?}``."""
    if isinstance(item, Mapping):
        value = item.get("value")
        label = item.get("label")
        zh = shown(label) if label is not None else shown(value)
        en = item.get("label_en")
        return option(value, zh, en if isinstance(en, str) else zh) if is_answer(value) else None
    return option(item, shown(item), shown(item)) if is_answer(item) else None


def option(value: Any, zh: str, en: str) -> Option:
    """Return an option; whole numbers become decimals like every number of the product."""
    number = isinstance(value, int) and not isinstance(value, bool)
    return Option(Decimal(value) if number else value, Text(zh, en))


def is_answer(value: Any) -> bool:
    """Return whether a value can be an option's: text, number or boolean."""
    return isinstance(value, str | bool | int | Decimal) and value != ""


def token(value: Any) -> str:
    """Return the value as it travels in an HTML attribute."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return format(Decimal(str(value)).normalize(), "f")
    return str(value)


def chosen(value: Any, options: Iterable[Option], label: Text) -> Reading:
    """Return the offered values that were chosen, or the sentence for one that was not offered."""
    known = {token(option.value): option.value for option in options}
    wanted = [token(item) for item in value] if isinstance(value, list) else [token(value)]
    if not all(item in known for item in wanted):
        return Reading([] if isinstance(value, list) else None, not_offered(label))
    values = [known[item] for item in wanted]
    return Reading(values if isinstance(value, list) else values[0])
