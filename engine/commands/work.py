"""One case opened for one step: its run, its variables, and what the step's end writes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.access import cut_to_level
from engine.errors import BpmnError, ModelError, Text
from engine.feel import Environment
from engine.model import Actor, Evaluation, LocalCall, OpenedTask
from engine.runtime import LoadedDefinition, Published, Runtime
from engine.spiff import ExecutionEnvironment, Run
from engine.store import audit, cases
from engine.store.cases import CaseRow, LockedCase
from engine.store.projection import Completion, Projector
from engine.store.transaction import Transaction
from engine.store.variables import CaseVariables


@dataclass
class Work:
    """A case this transaction holds, ready to be moved."""

    runtime: Runtime
    transaction: Transaction
    actor: Actor
    row: CaseRow
    definition: LoadedDefinition
    published: Published
    variables: CaseVariables
    environment: ExecutionEnvironment
    run: Run
    locked: LockedCase | None = None

    def feel(self) -> Environment:
        """Return a FEEL environment at this moment, for forms and notices."""
        return Environment(self.transaction.now, self.published.calendar)


def open_work(runtime: Runtime, transaction: Transaction, actor: Actor, locked: LockedCase) -> Work:
    """Return the locked case with its state loaded."""
    definition = runtime.definition(transaction, locked.row.definition)
    published = runtime.published(transaction)
    variables = CaseVariables(transaction, runtime.keyring, locked.row.key, definition.chunk_of)
    environment = execution_environment(transaction, definition, published, locked.row, runtime)
    state = runtime.keyring.open(locked.state, cases.state_place(locked.row.key))
    run = Run.load(definition.program, state, environment, variables)
    return Work(
        runtime, transaction, actor, locked.row, definition, published, variables, environment, run, locked
    )  # fmt: skip


def execution_environment(
    transaction: Transaction, definition: LoadedDefinition, published: Published, row: CaseRow, runtime: Runtime
) -> ExecutionEnvironment:
    """Return what expressions and specs of the case see."""

    def decide(decision: str, context: Mapping[str, Any]) -> Evaluation:
        feel = Environment(transaction.now, published.calendar)
        return definition.tables[decision].evaluate(decision, context, feel)

    return ExecutionEnvironment(
        now=transaction.now,
        calendar=published.calendar,
        policy=published.policy(row.policy_date, row.region),
        case=case_facts(row),
        is_local=runtime.is_local,
        decide=decide,
    )


def case_facts(row: CaseRow) -> Mapping[str, Any]:
    """Return what expressions and services know as ``case``."""
    return {
        "id": str(row.key),
        "number": row.number,
        "region": row.region,
        "channel": row.channel,
        "started_by": row.started_by,
        "started_at": row.started_at,
        "policy_date": row.policy_date,
    }


def advance(work: Work) -> None:
    """Move the case until every token waits, running local services in this transaction."""
    while (call := work.run.advance()) is not None:
        _serve(work, call)


def _serve(work: Work, call: LocalCall) -> None:
    handler = work.runtime.services.get(call.type)
    if handler is None:
        raise ModelError(
            Text(
                f"服务「{call.type}」未注册,请联系系统管理员登记该服务后重试。",
                f"Expected a registered service, but “{call.type}” is none; register it and retry.",
            ),
            call.element,
        )
    try:
        values = handler(call, work.transaction)
    except BpmnError as error:
        work.run.throw(error.code, error.values)
    else:
        work.run.answer(values)


def write_rows(work: Work, completion: Completion | None) -> None:
    """Write variables and the rows of the step."""
    step = work.run.step
    projector = Projector(
        work.transaction, work.runtime.keyring, work.row, work.definition.kind_of, lambda task: _task_region(work, task)
    )
    projector.project(step, completion)
    work.variables.write(step.variables, step.closed_scopes)
    if step.ended:
        cases.end(work.transaction, work.row, "ended", step.end_event, step.end_name)


def _task_region(work: Work, task: OpenedTask) -> str:
    role = work.published.roles.get(task.roles[0]) if task.roles else None
    return cut_to_level(work.row.region, role)


def sealed_state(work: Work) -> bytes:
    """Return the state to be stored."""
    return work.runtime.keyring.seal(work.run.save(), cases.state_place(work.row.key))


def save(work: Work, entry: audit.Entry) -> None:
    """Write the audit entry and the next version of the state."""
    locked = work.locked
    if locked is None:
        raise ValueError("a new case is inserted, not saved")
    state = sealed_state(work)
    details = {**entry.details, "before": digest(locked.state), "after": digest(state), "version": locked.version + 1}
    linked = audit.Entry(entry.action, entry.subject, entry.result, work.row.region, details)
    head = audit.append(work.transaction, chain_of(work.row.key), locked.head, work.actor, linked)
    cases.save_state(work.transaction, locked, state, head)
    work.transaction.after_commit(work.runtime.wake)


def chain_of(case: int) -> str:
    """Return the audit chain of a case."""
    return f"case:{case}"


def digest(data: bytes) -> str:
    """Return a short fingerprint of bytes for the audit."""
    return hashlib.sha256(data).hexdigest()[:32]
