"""Opens a stored case: its version, its variables, and what its expressions see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.feel import Environment
from engine.model import Evaluation
from engine.runtime.loaded import LoadedDefinition
from engine.runtime.published import Published
from engine.runtime.runtime import Runtime
from engine.spiff import ExecutionEnvironment, Run
from engine.store import cases
from engine.store.cases import CaseRow
from engine.store.iterations import CaseIterations
from engine.store.transaction import Transaction
from engine.store.variables import CaseVariables


@dataclass(frozen=True)
class OpenedCase:
    """A case in memory, for looking or for one step."""

    row: CaseRow
    definition: LoadedDefinition
    published: Published
    variables: CaseVariables
    environment: ExecutionEnvironment
    run: Run


def open_case(runtime: Runtime, transaction: Transaction, row: CaseRow, state: bytes) -> OpenedCase:
    """Return the stored case; variables are read when asked for."""
    definition = runtime.definition(transaction, row.definition)
    published = runtime.published(transaction)
    variables = CaseVariables(transaction, runtime.keyring, row.key, definition.chunk_of)
    iterations = CaseIterations(transaction, runtime.keyring, row.key)
    environment = execution_environment(runtime, transaction, definition, row)
    opened = runtime.keyring.open(state, cases.state_place(row.key))
    run = Run.load(definition.program, opened, environment, variables, iterations)
    if run.divided:
        variables.read_by_scope()
    return OpenedCase(row, definition, published, variables, environment, run)


def execution_environment(
    runtime: Runtime, transaction: Transaction, definition: LoadedDefinition, row: CaseRow
) -> ExecutionEnvironment:
    """Return what expressions and specs of the case see."""
    published = runtime.published(transaction)

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
