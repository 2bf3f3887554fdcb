"""Variables live in scopes: the case (0), called processes, sub-processes, iterations and mapped activities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.model import Step
    from engine.spiff.environment import ExecutionEnvironment, Variables
    from engine.spiff.tokens import Token

CASE = 0
FACTS = ("case", "policy")
LOOP_COUNTER = "loopCounter"
HIDDEN = "#"
_ABSENT = object()


class Scopes:
    """Which scope has which names, their values as far as they were read, and what this step wrote.

    ``copied`` holds, for the scope of each called process, the names it was given and has not changed since; ``kept``
    are the scopes of completed activities that may yet be undone; ``apart`` holds the variables of iterations that are
    kept apart, which are stored with them. ``changed`` says that conditions are worth asking.
    """

    def __init__(self, environment: ExecutionEnvironment, variables: Variables, step: Step) -> None:
        self.environment = environment
        self.step = step
        self.names: dict[int, dict[str, None]] = {CASE: {}}
        self.copied: dict[int, dict[str, None]] = {}
        self.kept: set[int] = set()
        self.changed = False
        self.apart: dict[int, dict[str, Any]] = {}
        self._variables = variables
        self._values: dict[tuple[int, str], Any] = {}
        self._fresh: set[int] = set()
        self._remembered: list[dict[str, Any]] = []

    def open(self, scope: int, values: Mapping[str, Any]) -> None:
        """Open a scope, or widen it, with local values."""
        if scope not in self.names:
            self.names[scope] = {}
            self._fresh.add(scope)
        for name, value in values.items():
            self.write(scope, name, value)

    def open_called(self, scope: int, values: Mapping[str, Any]) -> None:
        """Open the scope of a called process with the copies it is given."""
        self.open(scope, values)
        self.copied[scope] = dict.fromkeys(values)

    def open_apart(self, scope: int, values: Mapping[str, Any]) -> None:
        """Open the scope of an iteration that is kept apart, with its variables."""
        self.names[scope] = dict.fromkeys(values)
        self.apart[scope] = dict(values)

    def close(self, scope: int) -> None:
        """Drop a scope and all its values; one that was never open, or is kept, is ignored."""
        if scope in self.kept:
            return
        names = self.names.pop(scope, None)
        if names is None:
            return
        self.copied.pop(scope, None)
        if self.apart.pop(scope, None) is not None:
            return
        for name in names:
            self._values.pop((scope, name), None)
            self.step.variables.pop((scope, name), None)
        if scope in self._fresh:
            self._fresh.discard(scope)
        else:
            self.step.closed_scopes.append(scope)

    def keep(self, scope: int) -> None:
        """Leave the scope of a completed activity open, for whoever undoes it."""
        if scope in self.names:
            self.kept.add(scope)

    def release(self, scope: int) -> None:
        """Drop a scope that was kept."""
        if scope in self.kept:
            self.kept.discard(scope)
            self.close(scope)

    def hand_over(self, scope: int, heir: int) -> None:
        """Give the values of a kept scope to another one and drop it."""
        if scope in self.kept:
            self.open(heir, {name: self.read(scope, name) for name in self.names[scope]})
            self.release(scope)

    def adopt(self, other: Scopes) -> None:
        """Take over which scopes there are and what they hold, as stored."""
        self.names = {scope: dict(names) for scope, names in other.names.items()}
        self.copied = {scope: dict(names) for scope, names in other.copied.items()}
        self.apart = {scope: dict(values) for scope, values in other.apart.items()}
        self.kept = set(other.kept)

    def settle(self) -> None:
        """Note that everything so far has been stored: scopes closed from now on have rows."""
        self._fresh.clear()
        self._remembered.clear()

    def write(self, scope: int, name: str, value: Any) -> None:
        """Set a variable of exactly this scope."""
        if scope == CASE and self._remembered:
            self._keep_for_those_who_remember(name)
        self.names[scope][name] = None
        if scope in self.apart:
            self.apart[scope][name] = value
            self.changed = True
            return
        if scope in self.copied:
            self.copied[scope].pop(name, None)
        self._values[scope, name] = value
        self.changed = True
        self.step.variables[scope, name] = value

    def read(self, scope: int, name: str) -> Any:
        """Return a variable of exactly this scope; raises KeyError when it has none."""
        if scope in self.apart:
            return self.apart[scope][name]
        return _present(name, self._stored(scope, name))

    def _stored(self, scope: int, name: str) -> Any:
        key = (scope, name)
        if key not in self._values:
            self._values[key] = self._load(scope, name)
        return self._values[key]

    def _load(self, scope: int, name: str) -> Any:
        if scope in self._fresh or (scope != CASE and name not in self.names[scope] and not is_page(name)):
            return _ABSENT
        try:
            return self._variables.load(scope, name)
        except KeyError:
            return _ABSENT

    def chain(self, token: Token) -> Iterator[int]:
        """Return the open scopes seen from a token, innermost first; the last is the case or the called process."""
        at: Token | None = token
        while at is not None:
            container = at.container
            root = container.root
            while at is not None and at is not root:
                if at.key in self.names:
                    yield at.key
                at = at.owner
            if container is container.case:
                yield CASE
                return
            if container.closed:
                yield root.key
                return
            at = container.owner

    def assign(self, token: Token, values: Mapping[str, Any], skip: int | None = None) -> None:
        """Write each value to the innermost scope that has the name, else to the outermost; ``skip`` is left out."""
        if not values:
            return
        chain = [scope for scope in self.chain(token) if scope != skip]
        for name, value in values.items():
            holder = next((scope for scope in chain if name in self.names[scope]), chain[-1])
            self.write(holder, name, value)

    def view(self, token: Token, extra: Mapping[str, Any] | None = None) -> View:
        """Return what a token sees, read lazily; names of ``extra`` win."""
        return View(self, token, extra or {})

    def remember(self, token: Token) -> Mapping[str, Any]:
        """Return what a token sees now, to be read at the end of the step, whatever is written or closed until then."""
        chain = list(self.chain(token))
        local = {
            name: self.read(scope, name) for scope in reversed(chain) if scope != CASE for name in self.names[scope]
        }
        if chain[-1] == CASE:
            self._remembered.append(local)
            return View(self, token.container.case.root, local)
        return {**local, "case": self.environment.case, "policy": self.environment.policy}

    def _keep_for_those_who_remember(self, name: str) -> None:
        """Give the case's variable as it is now to whoever was to see it so; most of them are never overwritten."""
        before = self._stored(CASE, name)
        for seen in self._remembered:
            seen.setdefault(name, before)

    def changed_by(self, scope: int) -> dict[str, Any]:
        """Return what a called process wrote itself."""
        copied = self.copied.get(scope, {})
        return {name: self.read(scope, name) for name in self.names[scope] if name not in copied}


class View(Mapping[str, Any]):
    """The variables seen from one token, with ``case`` and ``policy``."""

    def __init__(self, scopes: Scopes, token: Token, extra: Mapping[str, Any]) -> None:
        self._scopes = scopes
        self._token = token
        self._extra = extra
        self._chain: tuple[int, ...] | None = None

    def __getitem__(self, name: str) -> Any:
        if name in self._extra:
            return _present(name, self._extra[name])
        if name in FACTS:
            facts = self._scopes.environment
            return facts.case if name == "case" else facts.policy
        for scope in self._scope_chain():
            if scope == CASE or name in self._scopes.names[scope]:
                return self._scopes.read(scope, name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.visible())

    def __len__(self) -> int:
        return len(self.visible())

    def visible(self) -> dict[str, None]:
        """Return the names of all variables in sight, without ``case`` and ``policy``."""
        names = dict.fromkeys(name for name, value in self._extra.items() if value is not _ABSENT)
        for scope in self._scope_chain():
            names.update(dict.fromkeys(name for name in self._scopes.names[scope] if not name.startswith(HIDDEN)))
        return names

    def _scope_chain(self) -> tuple[int, ...]:
        if self._chain is None:
            self._chain = tuple(self._scopes.chain(self._token))
        return self._chain


def _present(name: str, value: Any) -> Any:
    if value is _ABSENT:
        raise KeyError(name)
    return value


def is_page(name: str) -> bool:
    """Return whether a name is one of many pages of a list: it is not noted that a stored scope has it."""
    return name.startswith(HIDDEN) and "." in name


def merged(target: str, value: Any, present: Any) -> tuple[str, Any]:
    """Return the variable and its new value for a mapping target, which may be a path such as ``payment.amount``."""
    name, *path = target.split(".")
    if not path:
        return name, value
    return name, _with(present if isinstance(present, Mapping) else {}, path, value)


def _with(record: Mapping[str, Any], path: Iterable[str], value: Any) -> dict[str, Any]:
    first, *rest = path
    if not rest:
        return {**record, first: value}
    inner = record.get(first)
    return {**record, first: _with(inner if isinstance(inner, Mapping) else {}, rest, value)}
