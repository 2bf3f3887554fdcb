"""Type references of tables and variables: which values conform, and the two conversions the standard makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.dmn.errors import Complaints
from engine.dmn.tree import FunctionItem, ItemType
from engine.errors import Text
from engine.feel import Compiled, Environment, Session
from engine.feel.session import Failure
from engine.feel.values import KINDS, Function

_PLAIN: Mapping[str, str] = {
    **{name: name for name, _ in KINDS.values() if name != "null"},
    "integer": "number",
    "long": "number",
    "double": "number",
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}
_WHOLE = frozenset({"integer", "long"})
_ANY = "Any"
LONGEST_CHAIN = 20
"""Types of types, each the base of the next: more is a mistake, and conforming goes down one by one."""


class Mismatch(Exception):
    """A value does not conform to its declared type; ``expected`` says to which."""

    def __init__(self, expected: Text) -> None:
        super().__init__(expected.en)
        self.expected = expected

    def within(self, name: str) -> Mismatch:
        """Return the mismatch of the whole of which this is a part."""
        return Mismatch(Text(f"{name}({self.expected.zh})", f"{name} ({self.expected.en})"))

    def about(self, place: str) -> Text:
        """Return the sentence about the value that ``place`` names."""
        return Text(
            f"“{place}”的值应为 {self.expected.zh},但不是,请改正数据或类型。",
            f"Expected {self.expected.en} as “{place}”, but the value is not, so correct the data or the type.",
        )


@dataclass(frozen=True, slots=True)
class Declared:
    """A type of a file with its allowed values compiled."""

    drawn: ItemType
    allowed: Compiled | None
    constraint: Compiled | None
    components: Mapping[str, Declared]


class Types:
    """The types that one file can name: its own, and those of imported files behind their names."""

    def __init__(self, declared: Iterable[Declared]) -> None:
        self._declared = {item.drawn.name: item for item in declared}
        self._imported: Mapping[str, Types] = {}

    def link(self, imported: Mapping[str, Types]) -> None:
        """Make the types of other files known under the names by which they are imported."""
        self._imported = imported

    def known(self, name: str | None) -> bool:
        """Return whether the type reference can be resolved."""
        return name is None or _local(name) in (*_PLAIN, _ANY) or self._find(name) is not None

    def conform(self, name: str | None, value: object, environment: Environment) -> object:
        """Return the value as its type wants it; raises Mismatch when it does not conform. Null always does."""
        if name is None or value is None or _local(name) == _ANY:
            return value
        found = self._find(name)
        if found is not None:
            types, declared = found
            return types._conform_declared(declared, value, environment)
        return _conform_plain(_local(name), value)

    def result_of(self, name: str | None) -> str | None:
        """Return what a function with that declaration gives: the type itself unless it is the type of a function."""
        function = self.function(name)
        return function.result if function else name

    def function(self, name: str | None) -> FunctionItem | None:
        """Return what the type of a function declares, None when the reference leads to another type."""
        found = self._find(name) if name else None
        return found[1].drawn.function if found else None

    def root(self, name: str | None) -> tuple[str | None, tuple[Compiled, ...]]:
        """Return the FEEL type that a reference leads to, None for lists, structures, functions and anything.

        With it come the restrictions on the way.
        """
        restrictions: list[Compiled] = []
        types: Types = self
        while name is not None and (found := types._find(name)) is not None:
            types, item = found
            if item.drawn.collection or item.components or item.drawn.function:
                return None, ()
            restrictions += [tests for tests in (item.allowed, item.constraint) if tests]
            name = item.drawn.base
        return _local(name) if name else None, tuple(restrictions)

    def check(self, complaints: Complaints) -> None:
        """Record a finding for every type whose base is unknown or leads back to itself."""
        for item in self._declared.values():
            self._check_base(item, complaints)
            self._check_parts(item, complaints)

    def _check_base(self, item: Declared, complaints: Complaints) -> None:
        seen: set[int] = set()
        types: Types = self
        base: str | None = item.drawn.name
        while base is not None and (found := types._find(base)) is not None:
            types, known = found
            if id(known) in seen or len(seen) > LONGEST_CHAIN:
                complaints.add(item.drawn.id, item.drawn.line, "dmn-type", _endless(item.drawn.name))
                return
            seen.add(id(known))
            base = known.drawn.base

    def _check_parts(self, item: Declared, complaints: Complaints) -> None:
        function = item.drawn.function
        named = [item.drawn.base]
        named += [function.result, *(parameter.type for parameter in function.parameters)] if function else []
        for name in named:
            if not self.known(name):
                complaints.add(item.drawn.id, item.drawn.line, "dmn-type", unknown_type(name or ""))
        for part in item.components.values():
            self._check_parts(part, complaints)

    def _find(self, name: str) -> tuple[Types, Declared] | None:
        own = self._declared.get(name) or self._declared.get(_local(name))
        if own is not None:
            return self, own
        for alias, types in self._imported.items():
            found = types._declared.get(_behind(alias, name))
            if found is not None:
                return types, found
        return None

    def _conform_declared(self, item: Declared, value: object, environment: Environment) -> object:
        if item.drawn.collection:
            items = value if isinstance(value, list) else [value]
            value = [self._within(item, each, environment) for each in items]
        else:
            value = self._conform_item(item, value, environment)
        if item.constraint is not None and not allows(item.constraint, value, environment):
            raise _refused(item, item.constraint)
        return value

    def _within(self, item: Declared, value: object, environment: Environment) -> object:
        try:
            return self._conform_item(item, value, environment)
        except Mismatch as mismatch:
            raise mismatch.within(item.drawn.name) from mismatch

    def _conform_item(self, item: Declared, value: object, environment: Environment) -> object:
        if value is None:
            return None
        if item.components:
            value = self._conform_structure(item, value, environment)
        elif item.drawn.function is not None:
            value = self._conform_function(item.drawn, item.drawn.function, value)
        elif item.drawn.base is not None:
            value = self.conform(item.drawn.base, value, environment)
        if item.allowed is not None and not allows(item.allowed, value, environment):
            raise _refused(item, item.allowed)
        return value

    def _conform_structure(self, item: Declared, value: object, environment: Environment) -> object:
        value = _single(value)
        if not isinstance(value, dict):
            raise Mismatch(Text(item.drawn.name, item.drawn.name))
        known: dict[str, object] = {}
        for name, part in item.components.items():
            if name not in value:
                raise Mismatch(Text(f"{item.drawn.name}(应有“{name}”)", f"{item.drawn.name} (with “{name}”)"))
            known[name] = None if value[name] is None else self._conform_part(item, part, value[name], environment)
        return {**value, **known}

    def _conform_part(self, item: Declared, part: Declared, value: object, environment: Environment) -> object:
        try:
            return self._conform_declared(part, value, environment)
        except Mismatch as mismatch:
            raise mismatch.within(part.drawn.name).within(item.drawn.name) from mismatch

    def _conform_function(self, drawn: ItemType, wanted: FunctionItem, value: object) -> object:
        """A function conforms by its number of parameters; its arguments and result are checked when it is called."""
        value = _single(value)
        if not isinstance(value, Function) or not _takes(value, len(wanted.parameters)):
            raise Mismatch(Text(drawn.name, drawn.name))
        function, names = value, [parameter.type for parameter in wanted.parameters]

        def run(session: Session, arguments: list[Any]) -> object:
            given = [self._checked(name, each, drawn, session) for name, each in zip(names, arguments, strict=True)]
            return self._checked(wanted.result, function.run(session, given), drawn, session)

        return Function(function.parameters, run, function.weight)

    def _checked(self, name: str | None, value: object, drawn: ItemType, session: Session) -> object:
        try:
            return self.conform(name, value, session.environment)
        except Mismatch as mismatch:
            raise Failure(mismatch.about(drawn.name)) from mismatch


def allows(tests: Compiled, value: object, environment: Environment) -> bool:
    """Return whether the value is among the allowed values; null is, because every type has it."""
    return value is None or tests.evaluate({"?": value}, environment).value is True


def unknown_type(name: str) -> Text:
    """Return the sentence about a type reference that leads nowhere."""
    return Text(
        f"类型“{name}”应是 FEEL 类型或本文件定义的类型,但不是,请改正。",
        f"Expected a FEEL type or a type of this file, but found “{name}”, so correct it.",
    )


def _endless(name: str) -> Text:
    return Text(
        f"类型“{name}”应在 {LONGEST_CHAIN} 步之内归结到 FEEL 类型,但没有(可能绕成了圈),请改正。",
        f"Expected type “{name}” to lead to a FEEL type in {LONGEST_CHAIN} steps, but it does not (perhaps it is a "
        "circle), so correct it.",
    )


def _refused(item: Declared, tests: Compiled) -> Mismatch:
    return Mismatch(Text(f"{item.drawn.name}({tests.text})", f"{item.drawn.name} ({tests.text})"))


def _takes(function: Function, count: int) -> bool:
    return function.parameters == ("*",) or len(function.parameters) == count


def _behind(alias: str, name: str) -> str:
    """A type of another file is written ``alias.type``, in DMN 1.1 ``prefix:type``."""
    return name.removeprefix(f"{alias}.") if alias and name.startswith(f"{alias}.") else _local(name)


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


def _single(value: object) -> object:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _conform_plain(name: str, value: object) -> object:
    wanted = _PLAIN[name]
    value = value if wanted == "list" else _single(value)
    if type(value) not in KINDS or KINDS[type(value)][0] != wanted or (name in _WHOLE and not _whole(value)):
        raise Mismatch(Text(name, name))
    return value


def _whole(value: object) -> bool:
    return isinstance(value, Decimal) and value == value.to_integral_value()
