"""A component's ``validate`` and ``properties`` -> checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.errors import Text
from engine.feel import Compiled
from engine.forms import checks
from engine.forms.fields import Check, number_of
from engine.forms.filling import Row
from engine.forms.messages import expected
from engine.forms.patterns import re2_pattern
from engine.forms.wording import shown

Limit = Decimal | Compiled
TEXTS = frozenset({"textfield", "textarea"})
MAX_PATTERN = 1000


def limit_checks(type_: str, found: Mapping[str, Limit]) -> list[Check]:
    """Return the checks for ``min``, ``max`` of numbers and ``minLength``, ``maxLength`` of texts."""
    known = LENGTHS if type_ in TEXTS else BOUNDS if type_ == "number" else {}
    return [make(found[name]) for name, make in known.items() if name in found]


def _bounded(broken: Callable[[Any, Decimal], bool], zh: str, en: str) -> Callable[[Limit], Check]:
    def make(limit: Limit) -> Check:
        def check(value: Any, row: Row, label: Text) -> Text | None:
            bound = limit if isinstance(limit, Decimal) else row.evaluate(limit)
            number = number_of(bound)
            if number is None or not broken(value, number):
                return None
            return expected(label, zh.format(shown(number)), en.format(shown(number)), _typed(value))

        return check

    return make


def _typed(value: Any) -> str | None:
    number = number_of(value) if not isinstance(value, str) else None
    return shown(number) if number is not None else None


BOUNDS = {
    "min": _bounded(lambda value, bound: Decimal(value) < bound, "不小于 {}", "be at least {}"),
    "max": _bounded(lambda value, bound: Decimal(value) > bound, "不大于 {}", "be at most {}"),
}
LENGTHS = {
    "minLength": _bounded(lambda value, bound: len(value) < bound, "至少 {} 个字", "have at least {} characters"),
    "maxLength": _bounded(lambda value, bound: len(value) > bound, "不超过 {} 个字", "have at most {} characters"),
}


def pattern_check(pattern: str, message: Text | None) -> Check:
    """Return a check that finds the pattern in the text; raises ValueError for a pattern RE2 does not take."""
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"{len(pattern)} signs")
    compiled = re2_pattern(pattern)

    def check(value: Any, _row: Row, label: Text) -> Text | None:
        if compiled.search(value):
            return None
        return message or expected(label, "符合规定的格式", "have the expected form", value)

    return check


def increment_check(step: Decimal) -> Check:
    """Return a check that a number is a whole multiple of the step."""

    def check(value: Any, _row: Row, label: Text) -> Text | None:
        if Decimal(value) % step == 0:
            return None
        return expected(label, f"为 {shown(step)} 的倍数", f"be a multiple of {shown(step)}", shown(Decimal(value)))

    return check


def no_past_check(value: Any, row: Row, label: Text) -> Text | None:
    """Return a sentence for a date before today."""
    return checks.compared("not_before", "today", Text("今天", "today"))(value, row, label)


def condition_check(condition: Compiled, message: Text) -> Check:
    """Return a check that gives the message unless the expression is true."""

    def check(_value: Any, row: Row, _label: Text) -> Text | None:
        return None if row.evaluate(condition) is True else message

    return check
