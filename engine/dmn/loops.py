"""Boxed ``if``, ``for``, ``some``, ``every`` and filters: they mean what FEEL means by the same words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.dmn.functions import Compiler
from engine.dmn.scope import Scope
from engine.dmn.tree import Conditional, Filter, Iteration, Loop
from engine.dmn.workshop import Runnable, together
from engine.feel import Compiled, Environment, Session, compile_expression
from engine.feel.values import Function
from engine.model import Evaluation

Bind = Callable[[list[Any]], dict[str, Any]]
_PARTIAL = "partial"
_BODY = "boxed body"
_NAMES = ("source", _BODY)
_HOLDS = compile_expression("if condition then true else false", ("condition",))
_LOOPS: Mapping[Loop, Compiled] = {
    "for": compile_expression(f"for each in source return {_BODY}(each)", _NAMES),
    "some": compile_expression(f"some each in source satisfies {_BODY}(each)", _NAMES),
    "every": compile_expression(f"every each in source satisfies {_BODY}(each)", _NAMES),
}
_LOOKING_BACK = compile_expression(f"for each in source return {_BODY}(each, partial)", _NAMES)
_FILTER = compile_expression(f"source[{_BODY}(item)]", _NAMES)


def compile_conditional(drawn: Conditional, names: frozenset[str], compiler: Compiler) -> Runnable:
    """Return logic that runs one of the branches; anything but true takes the second (DMN 10.2.1.8)."""
    condition, then, otherwise = (
        compiler.compile(part, names) for part in (drawn.condition, drawn.then, drawn.otherwise)
    )

    def run(scope: Scope, environment: Environment) -> Evaluation:
        asked = condition.run(scope, environment)
        holds = scope.within({"condition": asked.value}).evaluate(_HOLDS, environment)
        found = (then if holds.value is True else otherwise).run(scope, environment)
        return Evaluation(found.value, [*asked.problems, *holds.problems, *found.problems])

    return together([condition, then, otherwise], run)


def compile_iteration(drawn: Iteration, names: frozenset[str], compiler: Compiler) -> Runnable:
    """Return logic that runs the body for each item; a ``for`` knows its results so far as ``partial``."""
    source = compiler.compile(drawn.source, names)
    inner = (drawn.variable, _PARTIAL) if drawn.kind == "for" else (drawn.variable,)
    body = compiler.compile(drawn.body, names | set(inner))
    looks_back = drawn.kind == "for" and _PARTIAL in body.reads
    bound = inner if looks_back else (drawn.variable,)
    loop = _LOOKING_BACK if looks_back else _LOOPS[drawn.kind]
    turn = _Turn(compiler.owner, bound, body, lambda arguments: dict(zip(bound, arguments, strict=True)))
    return together([source, body.binding(inner)], turn.running(loop, source))


def compile_filter(drawn: Filter, names: frozenset[str], compiler: Compiler) -> Runnable:
    """Return logic that keeps the items for which the condition holds; it sees ``item`` and the item's members."""
    source = compiler.compile(drawn.source, names)
    body = compiler.compile(drawn.condition, names | {"item"}).binding(["item"])
    members = body.reads - names
    turn = _Turn(compiler.owner, ("item",), body, _item_and_members)
    return together([source, body.binding(members)], turn.running(_FILTER, source))


def _item_and_members(arguments: list[Any]) -> dict[str, Any]:
    item = arguments[0]
    return {**item, "item": item} if isinstance(item, dict) else {"item": item}


class _Turn:
    """The body of a loop as the function that FEEL calls for each item."""

    def __init__(self, owner: str, parameters: tuple[str, ...], body: Runnable, bind: Bind) -> None:
        self._owner = owner
        self._parameters = parameters
        self._body = body
        self._bind = bind

    def running(self, loop: Compiled, source: Runnable) -> Callable[[Scope, Environment], Evaluation]:
        """Return how the loop runs over what the source gives."""

        def run(scope: Scope, environment: Environment) -> Evaluation:
            items = source.run(scope, environment)
            values = {"source": items.value, _BODY: Function(self._parameters, self._called(scope))}
            found = scope.within(values).evaluate(loop, environment)
            return Evaluation(found.value, [*items.problems, *found.problems])

        return run

    def _called(self, scope: Scope) -> Callable[[Session, list[Any]], Any]:
        def called(session: Session, arguments: list[Any]) -> Any:
            with scope.tally.calling(self._owner):
                found = self._body.run(scope.within(self._bind(arguments)), session.environment)
            session.problems.extend(found.problems)
            return found.value

        return called
