"""A token: SpiffWorkflow's task, kept flat under its scope's root and gone as soon as it is done."""

# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff import compensation

if TYPE_CHECKING:
    from engine.spiff.container import Container
    from engine.spiff.specs.node import Node

Outcome = Literal["completed", "cancelled", "error"]
FINISHED = TaskState.FINISHED_MASK
APART = "apart"


class Token(Task):
    """A live token.

    ``key`` counts up within the case, so that a replayed step gives the same keys. ``owner`` is the scope's root,
    or the activity whose iteration or listener this is. ``part`` is the iteration kept apart that it belongs to, 0 for
    the state of the case. ``internal_data`` holds the few facts that are stored with it.
    """

    def __init__(
        self,
        container: Container,
        spec: Node,
        owner: Token | None = None,
        state: int = TaskState.FUTURE,
        key: int | None = None,
    ) -> None:
        self.key = container.case.next_key() if key is None else key
        self.container = container
        self.spec = spec
        self.owner = owner
        above = owner or container.owner
        self.part: int = above.part if above is not None else 0
        self.owned: dict[int, Token] = {}
        self.failed = False
        self.recorded_left = False
        super().__init__(cast(Any, container), cast(Any, spec), owner, state, cast(Any, self.key))
        self._children = cast(Any, self.owned)
        self.internal_data: dict[str, Any] = {}
        container.case.index[self.key] = self

    def _child_added_notify(self, child: Task) -> None:
        own = cast(Token, child)
        self.owned[own.key] = own

    def _inherit_data(self) -> None:
        """Variables live in scopes: a token carries none."""

    def _set_state(self, value: int) -> None:
        self._state = value
        if value == TaskState.READY and not self.spec.manual:
            self.container.case.queue.append(self)

    @property
    def waiting(self) -> bool:
        """Return whether it waits for an event or at a join."""
        return self._state == TaskState.WAITING

    @property
    def listening(self) -> bool:
        """Return whether it is a boundary event or event sub-process start that has not been triggered."""
        return self.waiting and self.spec.listens

    @property
    def finished(self) -> bool:
        """Return whether it was completed or cancelled."""
        return bool(self._state & FINISHED)

    @property
    def is_nested(self) -> bool:
        """Return whether it is an iteration, a listener or an event after an event-based gateway."""
        return self.owner is not None and self.owner is not self.container.root

    def run(self) -> bool | None:
        """Execute it; returns None where it has to wait or is gone by its own doing."""
        result = cast("bool | None", self.task_spec._run(self))
        if self.finished or self.key not in self.container.case.index:
            return None
        if result is None:
            self._set_state(TaskState.STARTED)
        else:
            self.complete()
        return result

    def cancel(self, spare: Token | None = None) -> None:
        """Cancel it with all it owns (iterations, listeners, its sub-process); ``spare`` moves up to the scope."""
        if self.finished:
            return
        self._set_state(TaskState.CANCELLED)
        self.spec._on_cancel(self)
        for child in list(self.owned.values()):
            if child is not spare:
                child.cancel()
        if compensation.TODO in self.internal_data:
            compensation.abandon(self)
        inner = self.container.case.inner(self)
        if inner is not None:
            inner.completed = True
            inner.wipe()
            self.container.case.forget(inner)
        self.drop("error" if self.failed else "cancelled", spare)

    def drop(self, outcome: Outcome, spare: Token | None = None) -> None:
        """Take it out of the case."""
        case = self.container.case
        case.journal.left(self, outcome)
        case.scopes.close(self.key)
        if spare is not None:
            spare.move_up()
        if self.owner is not None:
            del self.owner.owned[self.key]
        self.container.remove(self)

    def move_up(self) -> None:
        """Hang it on its scope's root, free of the activity that owned it."""
        if self.owner is not None:
            self.owner.owned.pop(self.key, None)
        root = self.container.root
        self.owner, self._parent = root, cast(Any, root.key)
        root.owned[self.key] = self

    def item(self) -> str | None:
        """Return the label of the iteration it belongs to, the innermost one."""
        at: Token | None = self
        while at is not None:
            while at is not None and at.owner is not None:
                if "item" in at.internal_data:
                    return str(at.internal_data["item"])
                at = at.owner
            at = at.container.owner if at is not None else None
        return None

    def iteration(self) -> tuple[int, int]:
        """Return the keys of the outermost iteration it belongs to and of that multi-instance body; zeros if none."""
        found = (0, 0)
        at: Token | None = self
        while at is not None:
            while at is not None and at.owner is not None:
                if "item" in at.internal_data:
                    found = (at.key, at.owner.key)
                at = at.owner
            at = at.container.owner if at is not None else None
        return found
