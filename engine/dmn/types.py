"""Type references of tables and variables: which values conform, and the two conversions the standard makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.clock import YearsMonths
from engine.dmn.errors import Complaints
from engine.dmn.tree import ItemType
from engine.errors import Text
from engine.feel import Compiled, Environment

_PLAIN: Mapping[str, type] = {
    "string": str,
    "number": Decimal,
    "integer": Decimal,
    "long": Decimal,
    "double": Decimal,
    "boolean": bool,
    "date": date,
    "time": time,
    "date and time": datetime,
    "dateTime": datetime,
    "days and time duration": timedelta,
    "dayTimeDuration": timedelta,
    "years and months duration": YearsMonths,
    "yearMonthDuration": YearsMonths,
    "list": list,
    "context": dict,
}
_ANY = "Any"


class Mismatch(Exception):
    """A value does not conform to its declared type; ``expected`` says to which."""

    def __init__(self, expected: Text) -> None:
        super().__init__(expected.en)
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Declared:
    """A type of the file with its allowed values compiled."""

    drawn: ItemType
    allowed: Compiled | None
    components: Mapping[str, Declared]


class Types:
    """The types that one file can name."""

    def __init__(self, declared: Iterable[Declared]) -> None:
        self._declared = {item.drawn.name: item for item in declared}

    def known(self, name: str | None) -> bool:
        """Return whether the type reference can be resolved."""
        return name is None or _local(name) in (*_PLAIN, _ANY) or self._find(name) is not None

    def conform(self, name: str | None, value: object, environment: Environment) -> object:
        """Return the value as its type wants it; raises Mismatch when it does not conform. Null always does."""
        if name is None or value is None or _local(name) == _ANY:
            return value
        declared = self._find(name)
        if declared is not None:
            return self._conform_declared(declared, value, environment)
        return _conform_plain(_local(name), value)

    def check(self, complaints: Complaints) -> None:
        """Record a finding for every type whose base is unknown or leads back to itself."""
        for item in self._declared.values():
            self._check_item(item, complaints)

    def _check_item(self, item: Declared, complaints: Complaints) -> None:
        seen: set[str] = set()
        base: str | None = item.drawn.name
        while base is not None and base not in seen and (found := self._find(base)) is not None:
            seen.add(base)
            base = found.drawn.base
        if base in seen or not self.known(item.drawn.base):
            complaints.add(item.drawn.id, item.drawn.line, "dmn-type", unknown_type(item.drawn.base or item.drawn.name))
        for component in item.components.values():
            if not self.known(component.drawn.base):
                complaints.add(
                    component.drawn.id, component.drawn.line, "dmn-type", unknown_type(component.drawn.base or "")
                )

    def _find(self, name: str) -> Declared | None:
        return self._declared.get(name) or self._declared.get(_local(name))

    def _conform_declared(self, item: Declared, value: object, environment: Environment) -> object:
        if not item.drawn.collection:
            return self._conform_item(item, _single(value), environment)
        items = value if isinstance(value, list) else [value]
        return [self._conform_item(item, each, environment) for each in items]

    def _conform_item(self, item: Declared, value: object, environment: Environment) -> object:
        if item.components:
            value = self._conform_structure(item, value, environment)
        elif item.drawn.base is not None:
            value = self.conform(item.drawn.base, value, environment)
        if item.allowed is not None and not allows(item.allowed, value, environment):
            raise Mismatch(Text(f"{item.drawn.name}({item.allowed.text})", f"{item.drawn.name} ({item.allowed.text})"))
        return value

    def _conform_structure(self, item: Declared, value: object, environment: Environment) -> object:
        if not isinstance(value, dict):
            raise Mismatch(Text(item.drawn.name, item.drawn.name))
        known = {
            name: None if value.get(name) is None else self._conform_declared(part, value[name], environment)
            for name, part in item.components.items()
        }
        return {**value, **known}


def allows(tests: Compiled, value: object, environment: Environment) -> bool:
    """Return whether the value is among the allowed values; null is, because every type has it."""
    return value is None or tests.evaluate({"?": value}, environment).value is True


def unknown_type(name: str) -> Text:
    """Return the sentence about a type reference that leads nowhere."""
    return Text(
        f"类型“{name}”应是 FEEL 类型或本文件定义的类型,但不是,请改正。",
        f"Expected a FEEL type or a type of this file, but found “{name}”, so correct it.",
    )


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


def _single(value: object) -> object:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _conform_plain(name: str, value: object) -> object:
    wanted = _PLAIN[name]
    value = value if wanted is list else _single(value)
    fits = isinstance(value, wanted) and not (wanted is date and isinstance(value, datetime))
    if not fits:
        raise Mismatch(Text(name, name))
    return value
