"""One step of one case written down: how a case begins, and how every later step ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.commands.notices import issue_notices
from engine.commands.readers import name_first_readers
from engine.commands.work import (
    Work,
    advance,
    chain_of,
    digest,
    save,
    sealed_state,
    wake_if_due,
    write_iterations,
    write_rows,
)
from engine.errors import Conflict, Text
from engine.model import Actor
from engine.runtime import LoadedDefinition, Runtime
from engine.runtime.opening import OpenedCase, execution_environment
from engine.spiff import Run
from engine.store import audit, cases, suspensions
from engine.store import tables as t
from engine.store.cases import CaseRow
from engine.store.keys import new_key
from engine.store.projection import Completion
from engine.store.series import next_number
from engine.store.transaction import Transaction
from engine.store.variables import CaseVariables


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new case starts from; ``region`` has nine digits for a township, six for a county.

    ``event`` is the start event that a message, a signal or time reached, None for the plain one; ``hops`` counts the
    cases that set each other off until one set off this one.
    """

    definition: LoadedDefinition
    region: str
    values: Mapping[str, Any]
    channel: str
    parent: int | None = None
    event: str | None = None
    hops: int = 0


def settle(work: Work, entry: audit.Entry, completion: Completion | None = None) -> Work:
    """Move the case until every token waits, write everything that changed, and return the work.

    Raises ModelError when the model or the world is at fault.
    """
    advance(work)
    issue_notices(work)
    write_rows(work, completion)
    save(work, entry)
    return work


def settle_beginning(runtime: Runtime, transaction: Transaction, actor: Actor, beginning: Beginning) -> Work:
    """Return the work of a new case, moved until it waits for the first time and written.

    Raises ModelError, or Conflict where only events start the process.
    """
    if beginning.event is None and not beginning.definition.starts_by_hand:
        raise _only_by_event(beginning.definition)
    row = _new_row(runtime, transaction, actor, beginning)
    published = runtime.published(transaction)
    definition = beginning.definition
    environment = execution_environment(runtime, transaction, definition, row)
    variables = CaseVariables(transaction, runtime.keyring, row.key, definition.chunk_of)
    variables.start_empty()
    run = Run.start(definition.program, environment, beginning.values, beginning.event)
    opened = OpenedCase(row, definition, published, variables, environment, run)
    work = Work(runtime, transaction, actor, opened, hops=beginning.hops)
    advance(work)
    issue_notices(work)
    state = sealed_state(work)
    details = {"process": row.process, "version": definition.row.version, "after": digest(state)}
    entry = audit.Entry("start_case", f"case:{row.key}", region=row.region, details=details)
    head = audit.append(transaction, chain_of(row.key), audit.ChainHead(0, audit.GENESIS), actor, entry)
    # Whom a case is about may be known only after its first step has looked it up.
    known = run.view()
    cases.insert(transaction, _titled(runtime, definition, row, known), state, head)
    name_first_readers(work)
    _index(work, known)
    write_rows(work, _application(work, beginning))
    write_iterations(work)
    wake_if_due(work)
    return work


def _only_by_event(definition: LoadedDefinition) -> Conflict:
    return Conflict(
        Text(
            f"「{definition.name}」只由消息、定时或信号发起,请发送它等待的消息或信号。",
            f"Expected a process that can be started by hand, but only messages, signals or time start "
            f"“{definition.name}”; send what it waits for.",
        )
    )


def _application(work: Work, beginning: Beginning) -> Completion | None:
    form = beginning.definition.start_form if beginning.event is None else None
    begun = next((arrived for arrived in work.run.step.entered if arrived.kind == "startEvent"), None)
    if begun is None:
        return None
    actor = work.actor
    return Completion(begun.token, actor.person, actor.name, None, beginning.values, form.id if form else None)


def _new_row(runtime: Runtime, transaction: Transaction, actor: Actor, beginning: Beginning) -> CaseRow:
    key, now = new_key(), transaction.now
    process = beginning.definition.row.process
    restricted = beginning.definition.restricted
    return CaseRow(
        key=key,
        region=beginning.region,
        number=_next_number(transaction, beginning.region, now, restricted=restricted),
        definition=beginning.definition.row.key,
        process=process,
        title=cases.seal_title(runtime.keyring, key, beginning.definition.name),
        status="open",
        started_at=now,
        started_by=actor.name,
        starter=actor.person,
        channel=beginning.channel,
        policy_date=now.date(),
        ended_at=None,
        end_event=None,
        end_name=None,
        parent=beginning.parent,
        suspended=suspensions.BY_PROCESS if suspensions.of_process(transaction, process) else 0,
        restricted=int(restricted),
        hops=beginning.hops,
        hopped_at=now if beginning.hops else None,
    )


def _titled(runtime: Runtime, definition: LoadedDefinition, row: CaseRow, known: Mapping[str, Any]) -> CaseRow:
    named = known.get(definition.title_name)
    return replace(row, title=cases.seal_title(runtime.keyring, row.key, str(named))) if named else row


def _next_number(transaction: Transaction, region: str, now: datetime, *, restricted: bool) -> str:
    # Counted apart: a gap in the numbers that others see would tell of a restricted case.
    series, mark = ("restricted", "R") if restricted else ("case", "")
    return f"{region}-{now:%y}-{mark}{next_number(transaction, f'{series}:{region}:{now.year}'):05d}"


def _index(work: Work, values: Mapping[str, Any]) -> None:
    rows = [
        {"blind": work.runtime.keyring.blind(kind, str(values[name])), "case": work.row.key, "kind": kind}
        for kind, name in work.definition.indexed_names().items()
        if values.get(name)
    ]
    work.transaction.insert(t.case_index, rows)
