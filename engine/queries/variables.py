"""The variables of a case as values, personal numbers masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.forms import mask
from engine.model import Actor
from engine.queries.case import visible_case
from engine.runtime import LoadedDefinition, Runtime
from engine.runtime.rejections import unknown_task
from engine.store import activities, user_tasks
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable; a ``masked`` one can be revealed with a reason."""

    name: str
    value: Any
    masked: bool


@dataclass(frozen=True, slots=True)
class CaseVariables:
    """What one case, or one of its tasks, knows."""

    case: int
    variables: tuple[Variable, ...]


def case_variables(runtime: Runtime, transaction: Transaction, actor: Actor, case: int) -> CaseVariables:
    """Return the case's own variables, by name. Raises NotFound when there is no such case for this actor."""
    opened = visible_case(runtime, transaction, actor, case)
    return CaseVariables(case, _listed(opened.definition, opened.run.view(None)))


def task_variables(runtime: Runtime, transaction: Transaction, actor: Actor, task: int) -> CaseVariables:
    """Return what an open task sees, or what was entered into a completed one. Raises NotFound as above."""
    row = user_tasks.find(transaction, task)
    if row is None:
        raise unknown_task()
    opened = visible_case(runtime, transaction, actor, row.case)
    entered = activities.values(transaction, runtime.keyring, row.case, row.token) or {}
    view = opened.run.view(row.token) if row.status == "open" else entered
    return CaseVariables(row.case, _listed(opened.definition, view))


def _listed(definition: LoadedDefinition, view: Mapping[str, Any]) -> tuple[Variable, ...]:
    return tuple(_variable(definition, name, view[name]) for name in sorted(view) if name not in ("case", "policy"))


def _variable(definition: LoadedDefinition, name: str, value: Any) -> Variable:
    shown = masked_value(definition.masked_names, name, value)
    return Variable(name, shown, shown != value)


def masked_value(masks: Mapping[str, str], name: str, value: Any) -> Any:
    """Return the value with every personal number in it masked, those in rows of a list too."""
    if isinstance(value, Mapping):
        return {key: masked_value(masks, key, item) for key, item in value.items()}
    if isinstance(value, list):
        return [masked_value(masks, name, item) for item in value]
    if name in masks and value not in (None, ""):
        return mask(masks[name], value)
    return value
