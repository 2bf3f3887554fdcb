"""``doudi feel``."""

from __future__ import annotations

from pathlib import Path
from unicodedata import east_asian_width

import click

from engine.clock import Calendar, SystemClock
from engine.feel import Environment, examine
from engine.feel.json_values import answer_as_json, context_from_json
from engine.feel.rereading import expression_of
from engine.model import Problem
from web.cli.environment import spoken


@click.command()
@click.argument("expression")
@click.option(
    "--context", "path", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE.json",
    help="A JSON object: the variables by name.",
)  # fmt: skip
@click.option("--json", "as_data", is_flag=True, help="Print {value, problems} as JSON.")
def feel(expression: str, path: Path | None, as_data: bool) -> None:
    """Evaluate one FEEL EXPRESSION and print its value as FEEL.

    Working days are counted without announced holidays. Exit code 1 when something was wrong on the way, even if there
    is a value.
    """
    context = context_from_json(path.read_bytes()) if path else {}
    evaluation = examine(expression, context, Environment(SystemClock().now(), Calendar({})))
    if as_data:
        click.echo(answer_as_json(evaluation))
    else:
        click.echo(expression_of(evaluation.value))
        for problem in evaluation.problems:
            click.echo("\n".join(_pointed_out(problem, expression, spoken())), err=True)
    raise SystemExit(1 if evaluation.problems else 0)


def _pointed_out(problem: Problem, expression: str, language: str) -> list[str]:
    """Return the line of the expression, a caret below the place, and what is wrong there."""
    before = expression[: problem.position]
    line = expression.split("\n")[before.count("\n")]
    column = sum(map(_columns, before.rpartition("\n")[2]))
    return ["", line, " " * column + "^", problem.message.in_language(language)]


def _columns(letter: str) -> int:
    return 2 if east_asian_width(letter) in "WF" else 1
