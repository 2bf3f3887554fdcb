"""Lets the start events of a new version wait for messages, signals and time instead of those of the one before."""

from __future__ import annotations

from engine.commands.open_incident import open_incident_of_start
from engine.diagram.tree import Node
from engine.errors import Conflict, Invalid, ModelError, Text
from engine.feel import Environment
from engine.runtime import LoadedDefinition, Runtime
from engine.spiff import Armed, plan_start
from engine.store import deliveries, messages, start_events, start_timers
from engine.store.start_timers import StartTimerRow
from engine.store.transaction import Transaction


def renew_starts(runtime: Runtime, transaction: Transaction, definition: LoadedDefinition) -> None:
    """Subscribe and arm what the version draws, take back what it no longer draws.

    A timer drawn as before keeps its next firing. Raises Conflict when another process is started by the same message:
    a message has one receiver; Invalid when the time of a start cannot be told from the numbers in force.
    """
    process, key = definition.row.process, definition.row.key
    heard = [node for node in definition.event_starts if node.event and node.event.kind != "timer"]
    for node in heard:
        _expect_free(transaction, process, node)
    found = [(node.id, node.event.kind, node.event.name or "") for node in heard if node.event]
    start_events.replace(transaction, process, key, found)
    for _, kind, name in found:
        _look_for_messages(runtime, transaction, kind, name)
    _renew_timers(runtime, transaction, definition)


def _expect_free(transaction: Transaction, process: str, node: Node) -> None:
    if node.event is None or node.event.kind != "message":
        return
    others = [
        row for row in start_events.waiting(transaction, "message", node.event.name or "") if row.process != process
    ]
    if not others:
        return
    name, other = node.event.name, others[0].process
    raise Conflict(
        Text(
            f"消息「{name}」已经发起流程「{other}」,一条消息只有一个接收者,请改用另一个消息名称。",
            f"Expected “{name}” to start this process alone, but it starts “{other}”: a message has one receiver, "
            "so use another name.",
        )
    )


def _look_for_messages(runtime: Runtime, transaction: Transaction, kind: str, name: str) -> None:
    if kind != messages.MESSAGE:
        return
    for key in messages.buffered(transaction, name):
        deliveries.of_message(transaction, key)
        transaction.after_commit(runtime.wake)


def _renew_timers(runtime: Runtime, transaction: Transaction, definition: LoadedDefinition) -> None:
    before = {row.element: row for row in start_timers.of_process(transaction, definition.row.process)}
    drawn = {node.id: node for node in definition.event_starts if node.event and node.event.kind == "timer"}
    for element, row in before.items():
        if element not in drawn or row.expression != _expression(drawn[element]):
            start_timers.remove(transaction, row.key)
        else:
            start_timers.move(transaction, row.key, definition.row.key)
            del drawn[element]
    for node in drawn.values():
        _arm(runtime, transaction, definition, node)


def arm_starts_of(runtime: Runtime, transaction: Transaction, process: str) -> None:
    """Plan the process's timer start events from now on, as though just deployed; those of others never fire."""
    for row in start_timers.pending(transaction):
        start_timers.remove(transaction, row.key)
        if row.process == process:
            definition = runtime.definition(transaction, row.definition)
            _arm(runtime, transaction, definition, definition.node(row.process, row.element))


def _arm(runtime: Runtime, transaction: Transaction, definition: LoadedDefinition, node: Node) -> None:
    feel = Environment(transaction.now, runtime.published(transaction).calendar)
    try:
        armed = _planned(runtime, transaction, node, feel)
    except ModelError as fault:
        raise Invalid(fault.message, {node.id: fault.message}) from fault
    start_timers.arm(
        transaction, definition.row.key, definition.row.process, node.id, _expression(node),
        armed.schedule.due, armed.stored(),
    )  # fmt: skip
    transaction.after_commit(runtime.wake)


def _planned(
    runtime: Runtime, transaction: Transaction, node: Node, feel: Environment, fired: int | None = None
) -> Armed:
    event = node.event
    if event is None or event.timer_kind is None or event.expression is None:
        raise ModelError(Text("定时开始事件应写明时间。", "Expected a time on the timer start event."), node.id)
    policy = runtime.published(transaction).policy(feel.now.date(), runtime.settings.city)
    return plan_start(event.timer_kind, event.expression, policy, feel, node.id, fired)


def _expression(node: Node) -> str:
    event = node.event
    return f"{event.timer_kind}:{event.expression}" if event else ""


def _stop(runtime: Runtime, transaction: Transaction, row: StartTimerRow, fault: ModelError) -> None:
    start_timers.set_status(transaction, row.key, start_timers.INCIDENT)
    city = runtime.settings.city
    open_incident_of_start(
        runtime, transaction, definition=row.definition, region=city, fault=fault, job=row.key, kind="start"
    )


def recompute_start(runtime: Runtime, transaction: Transaction, row: StartTimerRow) -> bool:
    """Return whether the next firing moved when counted again on the calendar now in force, from when it was armed.

    One whose time can no longer be told becomes an incident; its retry lets it fire as planned before.
    """
    definition = runtime.definition(transaction, row.definition)
    armed = Armed.restored(row.planned())
    feel = Environment(armed.at, runtime.published(transaction).calendar)
    node = definition.node(row.process, row.element)
    try:
        planned = _planned(runtime, transaction, node, feel, armed.schedule.fired)
    except ModelError as fault:
        _stop(runtime, transaction, row, fault)
        return False
    if planned.schedule == armed.schedule:
        return False
    start_timers.plan_again(transaction, row.key, planned.schedule.due, planned.stored())
    return planned.schedule.due != row.due_at
