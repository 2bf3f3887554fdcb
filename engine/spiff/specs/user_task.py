"""User task: opens work for people and waits."""

# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.mixins.user_task import UserTask as UserTaskMixin

from engine.model import OpenedTask
from engine.spiff.specs.activity import Activity
from engine.spiff.timers import due_time, moment

if TYPE_CHECKING:
    from engine.diagram.tree import Node as DrawnNode
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.expressions import Expression
    from engine.spiff.tokens import Token

ORDINARY_PRIORITY = 50


class UserTask(UserTaskMixin, Activity):
    """A user task; ``form`` and the expressions of who may do it by when."""

    def __init__(self, scope: ScopeSpec, node: DrawnNode, name: str | None = None) -> None:
        super().__init__(scope, node, name=name)
        self.awaited = "user_task"
        self.form = node.form
        self.role = node.role
        self.assignee: Expression | None = None
        self.groups: tuple[Expression, ...] = ()
        self.users: tuple[Expression, ...] = ()
        self.due: Expression | None = None
        self.follow_up: Expression | None = None
        self.priority: Expression | None = None

    def _on_ready_hook(self, my_task: Token) -> None:
        case = my_task.container.case
        if self.due is not None or self.follow_up is not None:
            my_task.internal_data["at"] = case.environment.now.isoformat()
        case.journal.opened(self.opened(my_task))

    def opened(self, token: Token) -> OpenedTask:
        """Return the user task as it stands, its due times counted from when it was opened."""
        at = token.internal_data.get("at")
        since = moment(at) if at else token.container.case.environment.now
        due, due_provisional = due_time(token, self.due, since)
        follow_up, follow_provisional = due_time(token, self.follow_up, since)
        return OpenedTask(
            token=token.key,
            process=self.process,
            element=self.bpmn_id,
            name=self.bpmn_name,
            form=self.form,
            roles=_texts(token, self.groups) or ((self.role,) if self.role else ()),
            assignee=next(iter(_texts(token, (self.assignee,) if self.assignee else ())), None),
            people=_texts(token, self.users),
            due=due,
            follow_up=follow_up,
            provisional=due_provisional or follow_provisional,
            priority=self._priority(token),
            item=token.item(),
            properties=self.properties,
        )

    def _priority(self, token: Token) -> int:
        value = token.container.case.feel.evaluate(token, self.priority) if self.priority else None
        try:
            return int(value) if value is not None else ORDINARY_PRIORITY
        except (ValueError, TypeError):
            return ORDINARY_PRIORITY


def _texts(token: Token, expressions: tuple[Expression, ...]) -> tuple[str, ...]:
    """Return the names that expressions give; each may give one or a list."""
    found: dict[str, None] = {}
    for expression in expressions:
        value: Any = token.container.case.feel.evaluate(token, expression)
        for one in value if isinstance(value, list | tuple) else [value]:
            if one is not None and str(one).strip():
                found[str(one).strip()] = None
    return tuple(found)
