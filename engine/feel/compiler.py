"""Trees to closures, and what a compiled expression offers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.clock import Calendar, SystemClock
from engine.errors import Text
from engine.feel import code_arithmetic, code_calls, code_logic, code_loops, code_values, syntax
from engine.feel.builtins.table import BUILTINS, NAMES
from engine.feel.lexer import FeelSyntaxError
from engine.feel.parser import NO_TYPES, parse_expression, parse_tests
from engine.feel.scope import Code, Facts, Scope
from engine.feel.session import DEFAULT_LIMITS, Environment, Failure, Frame, Limits, Place, Session
from engine.feel.values import normal
from engine.model import Evaluation, Problem

_COMPILERS: Mapping[type, Any] = {
    syntax.Literal: code_values.literal,
    syntax.AtLiteral: code_values.at_literal,
    syntax.Name: code_values.name,
    syntax.Path: code_values.path,
    syntax.ListOf: code_values.list_of,
    syntax.ContextOf: code_values.context_of,
    syntax.RangeOf: code_values.range_of,
    syntax.Negation: code_arithmetic.negation,
    syntax.Chain: code_arithmetic.chain,
    syntax.Comparison: code_logic.comparison,
    syntax.Conjunction: code_logic.conjunction,
    syntax.Disjunction: code_logic.disjunction,
    syntax.Between: code_logic.between,
    syntax.In: code_logic.in_,
    syntax.InstanceOf: code_logic.instance_of,
    syntax.If: code_logic.if_,
    syntax.Test: code_logic.test_value,
    syntax.Tests: code_logic.tests_alone,
    syntax.For: code_loops.for_,
    syntax.Quantified: code_loops.quantified,
    syntax.Filter: code_loops.filter_,
    syntax.Call: code_calls.call,
    syntax.Lambda: code_calls.lambda_,
}
_DEEPEST_RESULT = 60


def _compile_node(node: syntax.Node, scope: Scope) -> Code:
    code: Code = _COMPILERS[type(node)](node, scope)
    return code


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression ready to be evaluated any number of times.

    ``reads`` are its free variables, ``paths`` the same with the members read; ``calls`` are names it calls that are
    neither built-in nor bound; ``findings`` are problems that every evaluation will have.
    """

    text: str
    reads: frozenset[str]
    paths: frozenset[tuple[str, ...]]
    calls: frozenset[str]
    findings: tuple[Problem, ...]
    tree: syntax.Node
    code: Code

    def evaluate(self, context: Mapping[str, Any], environment: Environment) -> Evaluation:
        """Return the value and the problems on the way; reads of the context only the names it needs."""
        session = Session(context, environment)
        if type(self.tree) is syntax.Tests and "?" in context:
            value: Any = self.matches(context["?"], session)
        else:
            value = self.run(Frame(session, {}))
        return Evaluation(value, session.problems)

    def matches(self, subject: Any, session: Session) -> bool | None:
        """Return whether a table cell accepts the value; None if that cannot be told (see the session's problems)."""
        value = self.run(session.about(normal(subject)))
        return value if type(value) is bool else None

    def run(self, frame: Frame) -> Any:
        """Return the value within a session; problems are added to it.

        For a table, make one ``session.about(value)`` for each input and run all its cells on that.
        """
        try:
            value = self.code(frame)
            if type(value) is list or type(value) is dict:
                _weigh(value, frame.session.limits)
            return value
        except Failure as failure:
            message = failure.message
        except RecursionError:
            message = Text("计算嵌套过深，结果为空。", "Expected less nesting, but it goes too deep; it is null.")
        except ArithmeticError:
            message = Text("数字超出范围，结果为空。", "Expected numbers within range, but found others; it is null.")
        return frame.session.problem(Place(0, self.text[:80]), message)


def _weigh(value: Any, limits: Limits) -> None:
    """Return nothing. Raises Failure when the value, written out, would be too large or too deep to store."""
    level, room = [value], 5 * limits.items
    for _ in range(_DEEPEST_RESULT):
        following: list[Any] = []
        for item in level:
            parts = _parts(item)
            room -= len(parts) + (len(item) >> 6 if type(item) is str else 0)
            if room < 0:
                raise _oversized()
            following.extend(parts)
        if not following:
            return
        level = following
    raise _oversized()


def _oversized() -> Failure:
    zh, en = "结果过大或嵌套过深，为空。", "Expected a smaller result, but it is too large or too deep; it is null."
    return Failure(Text(zh, en))


def _parts(value: Any) -> Collection[Any]:
    if type(value) is list:
        return value
    return value.values() if type(value) is dict else ()


def compile_expression(
    text: str,
    names: Iterable[str],
    members: Iterable[str] = (),
    limits: Limits = DEFAULT_LIMITS,
    types: Mapping[str, syntax.Type] = NO_TYPES,
) -> Compiled:
    """Return the expression compiled for the names in scope; a leading ``=`` is ignored. Raises FeelSyntaxError.

    ``members`` are names that may follow a dot and cannot be guessed, such as ``first-name``; ``types`` are those that
    ``instance of`` and parameters may name beside FEEL's own.
    """
    source, known = _without_mark(text), frozenset(names)
    return _compiled(source, parse_expression(source, known, NAMES, members, limits, types), known, frozenset())


def compile_unary_tests(
    text: str,
    names: Iterable[str],
    members: Iterable[str] = (),
    limits: Limits = DEFAULT_LIMITS,
    types: Mapping[str, syntax.Type] = NO_TYPES,
) -> Compiled:
    """Return a table cell compiled for the names in scope; it tells whether ``?`` passes. Raises FeelSyntaxError."""
    known = frozenset(names)
    return _compiled(text, parse_tests(text, known, NAMES, members, limits, types), known, frozenset(["?"]))


def _without_mark(text: str) -> str:
    """Return the expression with a blank for its leading ``=``, so that positions stay right."""
    mark = len(text) - len(text.lstrip())
    return text[:mark] + " " + text[mark + 1 :] if text[mark : mark + 1] == "=" else text


def _compiled(text: str, tree: syntax.Node, known: frozenset[str], bound: frozenset[str]) -> Compiled:
    facts = Facts()
    code = _compile_node(tree, Scope(text, known, BUILTINS, _compile_node, facts, bound))
    reads, paths = frozenset(facts.reads), frozenset(facts.paths)
    return Compiled(text, reads, paths, frozenset(facts.calls), tuple(facts.findings), tree, code)


def examine(text: str, context: Mapping[str, Any], environment: Environment | None = None) -> Evaluation:
    """Return the value of an expression and everything that went wrong, bad syntax included."""
    if environment is None:
        environment = Environment(SystemClock().now(), Calendar({}))
    members = _members(context) if type(context) is dict else ()
    try:
        compiled = compile_expression(text, context, members, environment.limits)
    except FeelSyntaxError as error:
        return Evaluation(None, (error.problem,))
    return compiled.evaluate(context, environment)


def evaluate(text: str, context: Mapping[str, Any], environment: Environment | None = None) -> Any:
    """Return the plain value of an expression, null if something is wrong; a leading ``=`` is ignored."""
    return examine(text, context, environment).value


def _members(context: dict[str, Any]) -> set[str]:
    """Return the keys inside the context that are more than words, so that they can be read after a dot."""
    found: set[str] = set()
    level: list[Any] = [value for value in context.values() if type(value) in (dict, list)]
    for _ in range(5):
        keys = (key for item in level[:200] if type(item) is dict for key in item)
        found.update(key for key in keys if type(key) is str and not key.isidentifier())
        level = [part for item in level[:200] for part in _parts(item) if type(part) in (dict, list)]
    return found
