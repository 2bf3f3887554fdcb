"""Trying an expression: what was typed, and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.feel import Environment, examine
from engine.feel.json_values import context_from_json
from engine.feel.rereading import expression_of
from engine.model import Problem


@dataclass(frozen=True, slots=True)
class Attempt:
    """An expression with its context as typed, the value as FEEL and what went wrong."""

    expression: str
    context: str
    value: str
    problems: tuple[Problem, ...]

    def around(self, problem: Problem) -> tuple[str, str, str]:
        """Return the expression before, at and after the place of the problem, which may be its end."""
        end = problem.position + max(len(problem.text), 1)
        return self.expression[: problem.position], self.expression[problem.position : end], self.expression[end:]


def attempted(expression: str, context: str, environment: Environment) -> Attempt:
    """Return the answer to what was typed. Raises Invalid when the context is no JSON object."""
    evaluation = examine(expression, context_from_json(context), environment)
    return Attempt(expression, context, expression_of(evaluation.value), tuple(evaluation.problems))
