"""How a built-in function is described: one entry serves the evaluator, the documentation and its test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import Text
from engine.feel.session import Failure, Session
from engine.feel.syntax import Type
from engine.feel.values import KINDS, kind_named, kind_of

_KINDS: Mapping[str, list[type]] = {
    name: [kind for kind, named in KINDS.items() if named[0] == name] for name, _ in KINDS.values()
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, the kinds it takes (none named: any), and whether it may be left out or repeated."""

    name: str
    kinds: tuple[str, ...]
    types: tuple[type, ...]
    optional: bool = False
    repeated: bool = False

    @property
    def type(self) -> Type:
        """The type of the parameter; Any where it takes several."""
        kinds = [kind for kind in self.kinds if kind != "null"]
        return Type(kinds[0]) if len(kinds) == 1 else Type("Any")

    def accept(self, value: Any) -> Any:
        """Return the value, a list of one item unpacked or a single value packed if need be. Raises Failure."""
        if not self.types or type(value) in self.types:
            return value
        if type(value) is list and len(value) == 1 and type(value[0]) in self.types:
            return value[0]
        if list in self.types and value is not None:
            return [value]
        raise Failure(self._unsuitable(value))

    def _unsuitable(self, value: Any) -> Text:
        words = [kind_named(kind) for kind in self.kinds if kind != "null"]
        zh, en, found = "或".join(w.zh for w in words), " or ".join(w.en for w in words), kind_of(value)
        return Text(
            f"参数“{self.name}”应是{zh}，但它是{found.zh}，结果为空。",
            f"Expected {en} for “{self.name}”, but found {found.en}, so the result is null.",
        )


@dataclass(frozen=True, slots=True)
class Builtin:
    """One way to call a built-in function; the example is an expression that is true."""

    name: str
    signature: str
    parameters: tuple[Parameter, ...]
    run: Callable[..., Any]
    about: Text
    example: str
    with_session: bool = False
    result: str = "Any"

    @property
    def type(self) -> Type:
        """The type of the function as a value."""
        return Type("function", (*(parameter.type for parameter in self.parameters), Type(self.result)))

    def arrange(self, count: int, names: Sequence[str] | None) -> list[int] | None:
        """Return, for each parameter given, which argument it takes; None if these arguments do not fit."""
        if names is None:
            least = sum(not parameter.optional for parameter in self.parameters)
            most = len(self.parameters)
            open_end = bool(self.parameters) and self.parameters[-1].repeated
            return list(range(count)) if least <= count and (count <= most or open_end) else None
        if len(set(names)) < len(names):
            return None
        places = {name: index for index, name in enumerate(names)}
        order = [places.pop(parameter.name, -1) for parameter in self.parameters]
        missing = any(at < 0 and not p.optional for at, p in zip(order, self.parameters, strict=True))
        return None if places or missing else order

    def suits(self, arguments: Sequence[Any]) -> bool:
        """Return whether every argument is of a kind its parameter takes as it is."""
        return all(not p.types or type(a) in p.types for p, a in zip(self.parameters, arguments, strict=False))

    def invoke(self, session: Session, arguments: Sequence[Any]) -> Any:
        """Return the result for arguments in the order of the parameters. Raises Failure."""
        values = self._accepted(arguments)
        for value in arguments:
            if type(value) is list:
                session.spend(len(value) >> 2)
        result = self.run(session, *values) if self.with_session else self.run(*values)
        return session.sized(result)

    def _accepted(self, arguments: Sequence[Any]) -> list[Any]:
        if self.parameters and self.parameters[-1].repeated:
            last = len(self.parameters) - 1
            fixed = [p.accept(value) for p, value in zip(self.parameters[:last], arguments, strict=False)]
            return [*fixed, [self.parameters[last].accept(value) for value in arguments[last:]]]
        return [
            None if value is LEFT_OUT else parameter.accept(value)
            for parameter, value in zip(self.parameters, arguments, strict=False)
        ]


LEFT_OUT: Any = object()


def define(
    signature: str, run: Callable[..., Any], about: Text, example: str, *, with_session: bool = False
) -> Builtin:
    """Return the entry for a signature such as ``substring(string: string, start: number, length?: number) -> string``.

    ``?`` behind a name: may be left out. ``*`` behind a name: any number of them, handed over as one list.
    Kinds are separated by ``|``; without a kind any value is taken.
    """
    call, _, result = signature.partition(" -> ")
    name, _, rest = call.partition("(")
    inside = rest.rstrip(")")
    parameters = tuple(_parameter(part) for part in inside.split(",")) if inside.strip() else ()
    return Builtin(name, signature, parameters, run, about, example, with_session, result or "Any")


def _parameter(text: str) -> Parameter:
    name, _, kinds = (part.strip() for part in text.partition(":"))
    names = tuple(kind.strip() for kind in kinds.split("|")) if kinds else ()
    types = tuple(kind for name in names for kind in _KINDS[name])
    return Parameter(name.rstrip("?*"), names, types, name.endswith("?"), name.endswith("*"))


def by_name(entries: Iterable[Builtin]) -> dict[str, tuple[Builtin, ...]]:
    """Return the entries grouped by name, in order."""
    table: dict[str, tuple[Builtin, ...]] = {}
    for entry in entries:
        table[entry.name] = (*table.get(entry.name, ()), entry)
    return table
