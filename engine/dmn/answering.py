"""One evaluation of a model: what is required first, then the decision asked for."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, cast

from engine.dmn.assembling import Part
from engine.dmn.functions import conforming
from engine.dmn.linking import Need, scoped
from engine.dmn.scope import Scope, Tally
from engine.dmn.tree import Decision, DecisionService, InputData, KnowledgeModel
from engine.dmn.types import Types
from engine.dmn.workshop import conform
from engine.errors import Text
from engine.feel import Environment
from engine.feel.session import Session
from engine.feel.values import Function, normal
from engine.model import Evaluation, Problem

Home = tuple[str, ...]
"""The import names that lead to a file's own inputs; what the caller does not nest is looked up in the inputs as
they are."""


class Answering:
    """The values found so far, by the node they belong to and the home of its inputs."""

    def __init__(
        self,
        parts: Mapping[str, Part],
        types: Mapping[str, Types],
        inputs: Mapping[str, Any],
        environment: Environment,
        tally: Tally | None = None,
    ) -> None:
        self._parts = parts
        self._types = types
        self._environment = environment
        self._tally = tally or Tally(environment.limits.steps)
        self._given: Mapping[str, Evaluation] = {}
        self._homes: dict[Home, Mapping[str, Any] | None] = {(): inputs}
        self._found: dict[tuple[Home, str], Evaluation] = {}

    def answer(self, asked: Part) -> Evaluation:
        """Return the asked part's value with all problems and hits on the way."""
        match asked.node:
            case Decision():
                found = self._computed((), asked.key)
            case KnowledgeModel():
                self._prepare((), asked)
                found = self._invoked(asked, self._inputs(()))
            case DecisionService():
                found = self._served(asked, asked.node, self._inputs(()))
        problems = [problem for each in (*self._found.values(), found) for problem in each.problems]
        return Evaluation(found.value, list(dict.fromkeys(problems)), tuple(self._tally.hits))

    # --- what is required first

    def _computed(self, home: Home, key: str) -> Evaluation:
        """Return a decision's value, or a knowledge model or service as a function, after all that it requires."""
        waiting = [(home, key)]
        while waiting:
            place = waiting[-1]
            missing = [] if place in self._found else self._missing(place)
            waiting.extend(missing)
            if not missing:
                waiting.pop()
                self._found.setdefault(place, self._found.get(place) or self._run(place))
        return self._found[home, key]

    def _missing(self, place: tuple[Home, str]) -> list[tuple[Home, str]]:
        home, key = place
        part = self._parts[key]
        if key in self._given or isinstance(part.node, DecisionService):
            return []
        needed = [(self._home(home, need), need.key) for need in (*part.decisions, *part.functions)]
        return [each for each in needed if each not in self._found]

    def _prepare(self, home: Home, part: Part) -> None:
        for need in (*part.decisions, *part.functions):
            self._computed(self._home(home, need), need.key)

    def _run(self, place: tuple[Home, str]) -> Evaluation:
        home, key = place
        if key in self._given:
            return self._given[key]
        part = self._parts[key]
        return self._decide(home, part) if isinstance(part.node, Decision) else Evaluation(self._function(home, part))

    def _home(self, home: Home, need: Need) -> Home:
        longer = (*home, need.alias) if need.alias else home
        if longer not in self._homes:
            around = self._homes[home] or {}
            nested = around.get(need.alias)
            self._homes[longer] = nested if isinstance(nested, Mapping) else None
        return longer if self._homes[longer] is not None else home

    def _inputs(self, home: Home) -> Mapping[str, Any]:
        """Return what a file's decisions see: the inputs nested for it, before those as they are."""
        levels = [self._homes[home[:length]] or {} for length in range(len(home), -1, -1)]
        if len(levels) == 1:
            return levels[0]
        return ChainMap(*(cast(MutableMapping[str, Any], level) for level in levels))

    # --- decisions

    def _decide(self, home: Home, part: Part) -> Evaluation:
        inputs = self._inputs(home)
        taken = [(need, self._taken(need, self._inputs(self._home(home, need)))) for need in part.inputs]
        given = [(need, found) for need, found in taken if found is not None]
        own = {need.parameter: found.value for need, found in given if not need.alias}
        problems = [problem for _, found in given for problem in found.problems]
        around = Scope(own, inputs, self._tally, frozenset(problem.text for problem in problems))
        imported = [(need, found.value) for need, found in given if need.alias]
        found = part.logic.run(self._with_required(home, part, around, imported), self._environment)
        return Evaluation(found.value, [*problems, *found.problems])

    def _taken(self, need: Need, inputs: Mapping[str, Any]) -> Evaluation | None:
        """Return the value that the caller gives for input data, or for a decision; null if it does not conform."""
        name = next((each for each in need.names if each in inputs), None)
        if name is None or not isinstance(need.node, InputData | Decision):
            return None
        types, wanted = self._types[need.key], need.node.variable.type
        value, problem = _normal(name, inputs[name])
        if problem is None:
            value, problem = conform(types, wanted, value, name, self._environment)
        return Evaluation(value, [problem] if problem else [])

    def _with_required(
        self, home: Home, part: Part, around: Scope, imported: Sequence[tuple[Need, object]] = ()
    ) -> Scope:
        needs = (*part.decisions, *part.functions)
        required = [(need, self._found[self._home(home, need), need.key].value) for need in needs]
        faulty = frozenset(name for need in needs for name in self._faulty_names(home, need))
        return around.within(scoped([*imported, *required]), faulty)

    def _faulty_names(self, home: Home, need: Need) -> Sequence[str]:
        found = self._found[self._home(home, need), need.key]
        if found.value is not None or not found.problems:
            return ()
        return (need.alias,) if need.alias else need.names

    # --- functions

    def _function(self, home: Home, part: Part) -> Function:
        names = tuple(parameter.name for parameter in part.parameters)

        def run(session: Session, arguments: list[Any]) -> Any:
            with self._tally.calling(part.node.name):
                found = self._called(home, part, dict(zip(names, arguments, strict=False)))
            session.problems.extend(found.problems)
            return found.value

        return Function(names, run)

    def _called(self, home: Home, part: Part, arguments: dict[str, Any]) -> Evaluation:
        if isinstance(part.node, DecisionService):
            return self._served(part, part.node, _nested(part, arguments))
        return self._invoked(part, arguments, home)

    def _invoked(self, part: Part, arguments: Mapping[str, Any], home: Home = ()) -> Evaluation:
        """A knowledge model sees its parameters and what it requires, nothing else (DMN 7.3.6)."""
        taken = {
            each.name: _normal(each.name, arguments[each.name]) for each in part.parameters if each.name in arguments
        }
        given = {name: value for name, (value, _) in taken.items()}
        values, misfits = conforming(part.types, part.parameters, given, self._environment)
        problems = [*(problem for _, problem in taken.values() if problem), *misfits]
        scope = self._with_required(home, part, Scope({**given, **values}, {}, self._tally))
        found = part.logic.run(scope, self._environment)
        return Evaluation(found.value, [*problems, *found.problems])

    def _served(self, part: Part, service: DecisionService, inputs: Mapping[str, Any]) -> Evaluation:
        """Return the output decision's value, or those of several in a context by name (DMN 10.4)."""
        inside = Answering(self._parts, self._types, inputs, self._environment, self._tally)
        inside._given = {need.key: inside._input_decision(need) for need in part.given}
        found = {need.parameter: inside._computed((), need.key).value for need in part.decisions}
        problems = [problem for each in inside._found.values() for problem in each.problems]
        value: object = next(iter(found.values())) if len(found) == 1 else found
        wanted = part.types.result_of(service.variable.type)
        value, problem = conform(part.types, wanted, value, service.name, self._environment)
        return Evaluation(value, [*problems, *([problem] if problem else [])])

    def _input_decision(self, need: Need) -> Evaluation:
        found = self._taken(need, self._inputs(self._home((), need)))
        return found or Evaluation(None, [_not_given(need.parameter)])


def _nested(part: Part, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a service with those for another file's nodes in a context named by the import."""
    nested: dict[str, Any] = {}
    for need in part.taken:
        target = nested.setdefault(need.alias, {}) if need.alias else nested
        target[need.names[0]] = arguments.get(need.parameter)
    return nested


def _normal(name: str, value: object) -> tuple[object, Problem | None]:
    """Return the caller's value as FEEL computes with it, or null and the problem."""
    try:
        return normal(value), None
    except ValueError:
        zh = f"“{name}”的值应是 FEEL 能计算的值,但种类不符或嵌套过深,按空值处理,请改正数据。"
        en = f"Expected a value that FEEL can compute with as “{name}”, but it is of no such kind or too deep; it is null."
        return None, Problem(0, name, Text(zh, en))


def _not_given(name: str) -> Problem:
    return Problem(
        0,
        name,
        Text(
            f"决策服务应得到“{name}”的值,但没有,请给出。",
            f"Expected a value of “{name}” for the decision service, but none is given, so give it.",
        ),
    )
