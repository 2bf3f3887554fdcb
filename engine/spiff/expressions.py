"""FEEL inside SpiffWorkflow: its script engine evaluates our compiled expressions and nothing else."""

# mypy: allow-untyped-calls

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine

from engine.errors import ModelError, Text
from engine.feel import Compiled, Environment, FeelSyntaxError, compile_expression
from engine.model import Evaluation

if TYPE_CHECKING:
    from engine.spiff.environment import ExecutionEnvironment
    from engine.spiff.tokens import Token


@dataclass(frozen=True, slots=True)
class Expression:
    """A literal text, or FEEL compiled once when the definition was built."""

    text: str
    compiled: Compiled | None

    @property
    def reads(self) -> frozenset[str]:
        """Return the free names it needs."""
        return self.compiled.reads if self.compiled is not None else frozenset()


def formula(text: str, names: Iterable[str], element: str) -> Expression:
    """Return a text that is always FEEL, with or without its leading ``=``; raises ModelError naming the element."""
    source = text.strip().removeprefix("=").strip()
    try:
        return Expression(source, compile_expression(source, names))
    except FeelSyntaxError as error:
        raise _unreadable(source, error, element) from error


def value(text: str, names: Iterable[str], element: str) -> Expression:
    """Return FEEL where the text starts with ``=``, else the text itself as a literal."""
    if text.lstrip().startswith("="):
        return formula(text, names, element)
    return Expression(text.strip(), None)


def optional(text: str | None, names: Iterable[str], element: str) -> Expression | None:
    """Return the expression of an attribute that may be missing or empty."""
    return value(text, names, element) if text and text.strip() else None


class FeelScriptEngine(PythonScriptEngine):
    """The script engine of a case; no Python text is ever run."""

    def __init__(self, environment: ExecutionEnvironment) -> None:
        super().__init__()
        self.facts = environment
        self.feel = Environment(now=environment.now, calendar=environment.calendar)

    def evaluate(self, task: Token, expression: Expression, external_context: Mapping[str, Any] | None = None) -> Any:
        """Return the value seen from the token; ``external_context`` holds names that win over its variables."""
        return self.appraise(task, expression, external_context).value

    def appraise(
        self,
        task: Token,
        expression: Expression,
        extra: Mapping[str, Any] | None = None,
        feel: Environment | None = None,
    ) -> Evaluation:
        """Return the value together with what went wrong on the way."""
        if expression.compiled is None:
            return Evaluation(expression.text)
        view = task.container.case.scopes.view(task, extra)
        return expression.compiled.evaluate(view, feel or self.feel)

    def holds(self, task: Token, expression: Expression, extra: Mapping[str, Any] | None = None) -> bool:
        """Return whether a condition is true; raises ModelError when it is neither true nor false."""
        result = self.appraise(task, expression, extra)
        if isinstance(result.value, bool):
            return result.value
        raise _undecided(task, expression, result)

    def execute(self, task: Any, script: Any, external_context: Any = None) -> NoReturn:  # noqa: ARG002 (Spiff's names)
        """Refuse: scripts are expressions whose value the script task assigns."""
        raise _no_scripts()

    def call_service(self, task: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002 (Spiff's names)
        """Refuse: services are called by commands, outside the engine."""
        raise _no_scripts()


def explain(result: Evaluation) -> Text:
    """Return what the evaluation complained about, as the end of a sentence; empty when nothing."""
    if not result.problems:
        return Text("", "")
    first = result.problems[0].message
    return Text(f"({first.zh})", f" ({first.en})")


def _undecided(task: Token, expression: Expression, result: Evaluation) -> ModelError:
    why = explain(result)
    shown = "null" if result.value is None else str(result.value)[:60]
    zh = f"条件“{expression.text}”应得出真或假,但结果是“{shown}”{why.zh};请补齐所用数据或修改条件。"
    en = (
        f"Expected the condition “{expression.text}” to be true or false, but it is {shown}{why.en}, "
        "so supply the data or change the condition."
    )
    return ModelError(Text(zh, en), task.spec.bpmn_id)


def _unreadable(source: str, error: FeelSyntaxError, element: str) -> ModelError:
    zh = f"表达式“{source[:60]}”应为FEEL,但无法读懂({error});请修改表达式。"
    en = f"Expected FEEL in “{source[:60]}”, but it cannot be read ({error}), so correct the expression."
    return ModelError(Text(zh, en), element)


def _no_scripts() -> ModelError:
    zh = "流程中只应使用FEEL表达式,但此处要求执行程序脚本,因此已拒绝。"
    return ModelError(Text(zh, "Expected FEEL expressions only, but a program script was to be run, so it is refused."))
