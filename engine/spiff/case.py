"""A running case: SpiffWorkflow's workflow with a ready queue and an index of tokens by key."""

# mypy: allow-untyped-calls

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.model import LocalCall
from engine.spiff import compensation
from engine.spiff.conditions import fire_conditions
from engine.spiff.container import Container, RunningScope
from engine.spiff.expressions import FeelScriptEngine
from engine.spiff.iterations import Iterations
from engine.spiff.journal import Journal
from engine.spiff.limits import Budget
from engine.spiff.scopes import Scopes

if TYPE_CHECKING:
    from engine.spiff.definition import ScopeSpec
    from engine.spiff.environment import ExecutionEnvironment, StoredIterations, Variables
    from engine.spiff.tokens import Token


class Case(Container, BpmnWorkflow):
    """All tokens of one case; runs them until each waits or a local service has to be called."""

    def __init__(
        self,
        definitions: Mapping[str, ScopeSpec],
        process: str,
        environment: ExecutionEnvironment,
        variables: Variables,
        iterations: StoredIterations,
    ) -> None:
        self.prepare(self, definitions[process])
        self.definitions = definitions
        self.environment = environment
        self.queue: deque[Token] = deque()
        self.index: dict[int, Token] = {}
        self.conditional: dict[int, Token] = {}
        self.last_key = 0
        self.journal = Journal()
        self.scopes = Scopes(environment, variables, self.journal.step)
        self.iterations = Iterations(self, iterations)
        self.budget = Budget()
        self.pending: tuple[Token, LocalCall] | None = None
        self.feel = FeelScriptEngine(environment)
        BpmnWorkflow.__init__(self, definitions[process], definitions, script_engine=self.feel, deserializing=True)

    def next_key(self) -> int:
        """Return the key of the next token."""
        self.last_key += 1
        return self.last_key

    def get_task_from_id(self, task_id: Any) -> Any:
        """Return the token with this key, wherever it is."""
        return self.token(task_id)

    def token(self, key: int) -> Token | None:
        """Return the live token with this key, read with its iteration where that is kept apart."""
        return self.index.get(key) or self.iterations.find(key)

    def create_subprocess(self, my_task: Token, spec_name: str) -> RunningScope:
        """Return a new running scope, owned by the token."""
        scope = RunningScope(self, self.definitions[spec_name], my_task)
        self.subprocesses[my_task.key] = scope
        scope.begin()
        return scope

    def inner(self, token: Token) -> RunningScope | None:
        """Return the running scope a token owns."""
        scope: RunningScope | None = self.subprocesses.get(token.key)
        return scope

    def forget(self, scope: RunningScope) -> None:
        """Drop a running scope whose tokens are gone, with the variables of a called process."""
        if scope.owner is not None:
            self.subprocesses.pop(scope.owner.key, None)
        compensation.forget(self, compensation.log_of(scope))
        self.scopes.close(scope.root.key)
        self.index.pop(scope.root.key, None)

    def finish(self) -> None:
        """End the case."""
        super().finish()
        compensation.forget(self, compensation.log_of(self))
        compensation.forget(self, self.root.internal_data.pop(compensation.TODO, []))
        self.journal.ended()

    def advance(self) -> LocalCall | None:
        """Run until every token waits, then return None; or return the local call a token stopped at."""
        while True:
            while self.queue:
                self._run(self.queue.popleft())
                if self.pending is not None:
                    return self.pending[1]
            if not self._join_inclusive() and not fire_conditions(self):
                return None

    def _run(self, token: Token) -> None:
        if token.state != TaskState.READY or self.index.get(token.key) is not token:
            return
        self.budget.spend(token.spec.bpmn_id, *token.iteration())
        token.run()

    def _join_inclusive(self) -> bool:
        for container in (self, *self.subprocesses.values()):
            if any(join.try_join(container) for join in container.definition.inclusive_joins):
                return True
        return False

    def do_engine_steps(self, will_complete_task: Any = None, did_complete_task: Any = None) -> None:  # noqa: ARG002 (Spiff's names)
        """Run like SpiffWorkflow's own loop would; local services have to be answered in between."""
        self.advance()

    def refresh_timers(self) -> NoReturn:
        """Refuse: exactly one timer fires at a time, by its token."""
        raise NotImplementedError("timers fire one by one, by their token")
