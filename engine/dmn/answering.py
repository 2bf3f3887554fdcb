"""One evaluation of a model: what is required first, then the decision asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.dmn.assembling import Part
from engine.dmn.linking import Need, scoped
from engine.dmn.scope import Scope, Tally
from engine.dmn.tree import Decision, KnowledgeModel, Variable
from engine.dmn.workshop import conform
from engine.errors import Text
from engine.feel import Environment
from engine.feel.session import Failure, Session
from engine.feel.values import Function, normal
from engine.model import Evaluation, Problem

MAX_DEPTH = 10


class Answering:
    """The values found so far, by the key of the node they belong to."""

    def __init__(self, parts: Mapping[str, Part], inputs: Mapping[str, Any], environment: Environment) -> None:
        self._parts = parts
        self._inputs = inputs
        self._environment = environment
        self._tally = Tally(environment.limits.steps)
        self._found: dict[str, Evaluation] = {}
        self._depth = 0

    def answer(self, asked: Part) -> Evaluation:
        """Return the asked part's value with all problems and hits on the way."""
        for key in asked.order:
            part = self._parts[key]
            if isinstance(part.node, Decision):
                self._found[key] = self._decide(part)
            else:
                self._found[key] = Evaluation(self._function(part, part.node))
        if isinstance(asked.node, KnowledgeModel):
            self._found[asked.key] = self._invoked(asked, asked.node)
        problems = [problem for each in self._found.values() for problem in each.problems]
        return Evaluation(self._found[asked.key].value, problems, tuple(self._tally.hits))

    def _decide(self, part: Part) -> Evaluation:
        checked, problems = self._checked(part, part.inputs, self._inputs)
        faulty = frozenset(problem.text for problem in problems)
        around = Scope(checked, self._inputs, self._tally, faulty)
        found = part.logic.run(self._with_required(part, around), self._environment)
        return Evaluation(found.value, [*problems, *found.problems])

    def _with_required(self, part: Part, around: Scope) -> Scope:
        needs = (*part.decisions, *part.knowledge)
        values = scoped([(need, self._found[need.key].value) for need in needs])
        return around.within(values, frozenset(name for need in needs for name in self._faulty_names(need)))

    def _faulty_names(self, need: Need) -> Sequence[str]:
        found = self._found[need.key]
        if found.value is not None or not found.problems:
            return ()
        return (need.alias,) if need.alias else need.names

    def _checked(
        self, part: Part, declared: Sequence[Variable], given: Mapping[str, Any]
    ) -> tuple[dict[str, object], list[Problem]]:
        """Return the given values that have a declared type, null where they do not conform."""
        values: dict[str, object] = {}
        problems: list[Problem] = []
        for variable in declared:
            if variable.type is None or variable.name not in given:
                continue
            value = normal(given[variable.name])
            values[variable.name], problem = conform(part.types, variable.type, value, variable.name, self._environment)
            problems.extend([problem] if problem else [])
        return values, problems

    def _invoked(self, part: Part, model: KnowledgeModel) -> Evaluation:
        values, problems = self._checked(part, model.parameters, self._inputs)
        scope = self._with_required(part, Scope(values, self._inputs, self._tally))
        found = part.logic.run(scope, self._environment)
        return Evaluation(found.value, [*problems, *found.problems])

    def _function(self, part: Part, model: KnowledgeModel) -> Function:
        names = tuple(parameter.name for parameter in model.parameters)

        def run(session: Session, arguments: list[Any]) -> Any:
            return self._call(part, model, dict(zip(names, arguments, strict=False)), session)

        return Function(names, run)

    def _call(self, part: Part, model: KnowledgeModel, arguments: dict[str, Any], session: Session) -> Any:
        """A body runs in an evaluation of its own, so its calls are counted here for the whole model."""
        self._tally.calls -= 1
        if self._tally.calls < 0 or self._depth >= MAX_DEPTH:
            raise Failure(
                Text(
                    f"业务知识“{model.name}”调用过多或层数过深,请简化。",
                    f"Expected fewer or less nested invocations of “{model.name}”, so simplify the model.",
                )
            )
        values, problems = self._checked(part, model.parameters, arguments)
        self._depth += 1
        try:
            found = part.logic.run(
                self._with_required(part, Scope({**arguments, **values}, {}, self._tally)), session.environment
            )
        finally:
            self._depth -= 1
        session.problems.extend([*problems, *found.problems])
        return found.value
