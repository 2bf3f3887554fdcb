"""How a case begins and how every step ends: advance, notices, rows, audit, state, requested cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.commands.notices import issue_notices
from engine.commands.open_incident import open_incident
from engine.commands.work import (
    Work,
    advance,
    chain_of,
    digest,
    open_work,
    save,
    sealed_state,
    wake_if_due,
    write_iterations,
    write_rows,
)
from engine.errors import ModelError, Text
from engine.model import SYSTEM, Actor
from engine.runtime import LoadedDefinition, Runtime
from engine.runtime.opening import OpenedCase, execution_environment
from engine.spiff import Run
from engine.store import audit, cases, subscriptions, suspensions
from engine.store import tables as t
from engine.store.cases import CaseRow
from engine.store.keys import new_key
from engine.store.projection import Completion
from engine.store.series import next_number
from engine.store.subscriptions import SubscriptionRow
from engine.store.transaction import Transaction
from engine.store.variables import CaseVariables

MOST_IN_A_ROW = 50


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new case starts from; ``region`` has nine digits for a township, six for a county."""

    definition: LoadedDefinition
    region: str
    values: Mapping[str, Any]
    channel: str
    parent: int | None = None


def take_step(work: Work, entry: audit.Entry, completion: Completion | None = None) -> None:
    """Move the case on and write everything that follows, ready for the one commit.

    Raises ModelError when the model or the world is at fault: the caller's transaction is thrown away.
    """
    advance(work)
    issue_notices(work)
    write_rows(work, completion)
    save(work, entry)
    _follow_up(work)


def correlate(
    runtime: Runtime, transaction: Transaction, actor: Actor, name: str, key: str, values: Mapping[str, Any]
) -> int | None:
    """Return the case whose oldest waiting token took the message, or None when nobody waits for it.

    A suspended case takes no message.
    """
    for waiting in subscriptions.waiting(transaction, runtime.keyring, name, key):
        locked = cases.lock(transaction, waiting.case)
        if locked is None or locked.row.suspended or not subscriptions.still_waits(transaction, waiting.key):
            continue
        deliver(open_work(runtime, transaction, actor, locked), waiting, name, values)
        return waiting.case
    return None


def broadcast(
    runtime: Runtime, transaction: Transaction, actor: Actor, signal: str, values: Mapping[str, Any], but: int = 0
) -> int:
    """Return how many tokens of other cases than ``but`` heard the signal; each is asked again whether it still waits.

    A suspended case hears none; that it missed one is an incident, because no signal is kept for later.
    """
    heard = 0
    for waiting in subscriptions.hearing(transaction, signal, but):
        locked = cases.lock(transaction, waiting.case)
        if locked is None or not subscriptions.still_waits(transaction, waiting.key):
            continue
        if locked.row.suspended:
            fault = ModelError(_missed(signal), waiting.element)
            open_incident(runtime, transaction, actor, case=waiting.case, fault=fault, kind="signal")
            continue
        work = open_work(runtime, transaction, actor, locked)
        work.run.deliver(waiting.token, dict(values))
        take_step(work, audit.Entry("correlate_message", f"signal:{signal}"))
        heard += 1
    return heard


def deliver(work: Work, waiting: SubscriptionRow, name: str, values: Mapping[str, Any]) -> None:
    """Hand a message to the token that waits for it and take the step."""
    work.run.deliver(waiting.token, values)
    take_step(work, audit.Entry("correlate_message", f"message:{name}"))


def begin_case(runtime: Runtime, transaction: Transaction, actor: Actor, beginning: Beginning) -> CaseRow:
    """Return the row of a new case, moved until it waits for the first time."""
    row = _new_row(runtime, transaction, actor, beginning)
    published = runtime.published(transaction)
    definition = beginning.definition
    environment = execution_environment(runtime, transaction, definition, row)
    variables = CaseVariables(transaction, runtime.keyring, row.key, definition.chunk_of)
    variables.start_empty()
    run = Run.start(definition.program, environment, beginning.values)
    work = Work(runtime, transaction, actor, OpenedCase(row, definition, published, variables, environment, run))
    advance(work)
    issue_notices(work)
    state = sealed_state(work)
    details = {"process": row.process, "version": definition.row.version, "after": digest(state)}
    entry = audit.Entry("start_case", f"case:{row.key}", region=row.region, details=details)
    head = audit.append(transaction, chain_of(row.key), audit.ChainHead(0, audit.GENESIS), actor, entry)
    cases.insert(transaction, row, state, head)
    _index(work, beginning.values)
    write_rows(work, _application(work, beginning))
    write_iterations(work)
    wake_if_due(work)
    _follow_up(work)
    return row


def _application(work: Work, beginning: Beginning) -> Completion | None:
    form = beginning.definition.start_form
    begun = next((arrived for arrived in work.run.step.entered if arrived.kind == "startEvent"), None)
    if begun is None:
        return None
    actor = work.actor
    return Completion(begun.token, actor.person, actor.name, None, beginning.values, form.id if form else None)


def _new_row(runtime: Runtime, transaction: Transaction, actor: Actor, beginning: Beginning) -> CaseRow:
    key, now = new_key(), transaction.now
    process = beginning.definition.row.process
    place = f"case:{beginning.region}:{now.year}"
    title = str(beginning.values.get(beginning.definition.title_name) or beginning.definition.name)
    return CaseRow(
        key=key,
        region=beginning.region,
        number=f"{beginning.region}-{now:%y}-{next_number(transaction, place):05d}",
        definition=beginning.definition.row.key,
        process=process,
        title=cases.seal_title(runtime.keyring, key, title),
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
    )


def _index(work: Work, values: Mapping[str, Any]) -> None:
    rows = [
        {"blind": work.runtime.keyring.blind(kind, str(values[name])), "case": work.row.key, "kind": kind}
        for kind, name in work.definition.indexed_names().items()
        if values.get(name)
    ]
    work.transaction.insert(t.case_index, rows)


def _follow_up(work: Work) -> None:
    """What the step set off elsewhere belongs to the same transaction: messages and signals thrown, cases asked for."""
    if work.transaction.depth >= MOST_IN_A_ROW:
        raise ModelError(_set_each_other_off(), None)
    work.transaction.depth += 1
    _send_messages(work)
    for signal in work.run.step.signals:
        broadcast(work.runtime, work.transaction, SYSTEM, signal.signal, signal.variables, but=work.row.key)
    _start_requested_cases(work)
    work.transaction.depth -= 1


def _set_each_other_off() -> Text:
    return Text(
        f"案件之间互相触发应不超过{MOST_IN_A_ROW}层,但此处已超出;请检查消息、信号是否来回触发。",
        f"Expected cases to set each other off at most {MOST_IN_A_ROW} deep, but there was more, "
        "so check whether messages or signals go back and forth.",
    )


def _send_messages(work: Work) -> None:
    for message in work.run.step.messages:
        values = dict(message.variables)
        taken = correlate(work.runtime, work.transaction, SYSTEM, message.message, message.key, values)
        if taken is None:
            fault = ModelError(_nobody_waits(message.message), message.element)
            open_incident(work.runtime, work.transaction, SYSTEM, case=work.row.key, fault=fault, kind="message")


def _nobody_waits(name: str) -> Text:
    return Text(
        f"消息「{name}」已发出,但没有案件在等它,请核对消息名称和关联编号。",
        f"Expected a case that waits for the message “{name}”, but there is none; check its name and key.",
    )


def _missed(signal: str) -> Text:
    return Text(
        f"信号「{signal}」发出时案件处于暂停状态,没有收到;恢复后请决定是否重新发送。",
        f"Expected a running case to hear the signal “{signal}”, but it was suspended; "
        "decide after it is resumed whether to send it again.",
    )


def _start_requested_cases(work: Work) -> None:
    requested, work.transaction.requested_cases = work.transaction.requested_cases, []
    for process, region, values in requested:
        definition = work.runtime.latest(work.transaction, process)
        beginning = Beginning(definition, region, values, "system", parent=work.row.key)
        begin_case(work.runtime, work.transaction, replace(SYSTEM, address=work.actor.address), beginning)
