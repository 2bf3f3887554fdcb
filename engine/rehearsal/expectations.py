"""Compares what a scenario expects with what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.queries.attachments import documents
from engine.queries.history import history
from engine.queries.incidents import of_case
from engine.queries.waiting import open_tasks
from engine.rehearsal.player import Player
from engine.rehearsal.stage import Stage
from engine.runtime.opening import open_case
from engine.scenario import Expect
from engine.store import cases
from engine.store.transaction import Transaction


def unmet(player: Player, stage: Stage, transaction: Transaction, before: Mapping[str, Decimal]) -> Iterator[str]:
    """Yield a sentence for every expectation that does not hold; ``before`` are the balances at the start."""
    expect = player.scenario.expect
    yield from _path(player, transaction, expect)
    yield from _documents(player, transaction, expect)
    yield from _variables(player, transaction, expect)
    yield from _ledger(stage.ledger(transaction), before, expect)
    found = stage.register(transaction, player.case) if expect.register else {}
    yield from _values("登记", expect.register, found)
    yield from _open(player, transaction, expect)
    yield from _incident(player, transaction, expect)


def _path(player: Player, transaction: Transaction, expect: Expect) -> Iterator[str]:
    case = cases.find(transaction, player.case)
    end = case.end_name or case.end_event if case else None
    if expect.end is not None and end != expect.end:
        yield f"应结束于「{expect.end}」,实际为「{end or '未结束'}」。"
    past = history(player.runtime, transaction, player.case)
    visited = {name for row in past for name in (row.what, row.element)}
    for name in expect.visited:
        if name not in visited:
            yield f"应经过「{name}」,实际经过:{'、'.join(dict.fromkeys(row.what for row in past if row.what))}。"
    for name in expect.not_visited:
        if name in visited:
            yield f"不应经过「{name}」,实际经过了。"


def _documents(player: Player, transaction: Transaction, expect: Expect) -> Iterator[str]:
    issued = [row.title for row in documents(transaction, player.case)]
    for title in expect.documents or ():
        if title not in issued:
            yield f"应出具文书「{title}」,实际出具:{'、'.join(issued) or '无'}。"


def _variables(player: Player, transaction: Transaction, expect: Expect) -> Iterator[str]:
    if not expect.variables:
        return
    locked = cases.lock(transaction, player.case)
    if locked is not None:
        view = open_case(player.runtime, transaction, locked.row, locked.state).run.view(None)
        yield from _values("变量", expect.variables, {name: view.get(name) for name in expect.variables})


def _values(what: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    for name, value in expected.items():
        if _plain(found.get(name)) != _plain(value):
            yield f"{what}「{name}」应为 {value},实际为 {found.get(name)}。"


def _plain(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _ledger(now: Mapping[str, Decimal], before: Mapping[str, Decimal], expect: Expect) -> Iterator[str]:
    for account, change in expect.ledger.items():
        actual = now.get(account, Decimal(0)) - before.get(account, Decimal(0))
        if actual != change:
            yield f"账户 {account} 应变动 {change},实际变动 {actual}。"


def _open(player: Player, transaction: Transaction, expect: Expect) -> Iterator[str]:
    if expect.open is None:
        return
    tasks = [task for task in open_tasks(transaction) if task.case == player.case]
    for name, role in expect.open.items():
        fitting = [task for task in tasks if name in (task.name, task.element)]
        if not fitting:
            yield f"应有待办「{name}」,实际待办:{'、'.join(task.name for task in tasks) or '无'}。"
        elif role and role not in [task.role for task in fitting]:
            yield f"待办「{name}」应属于 {role},实际属于 {fitting[0].role}。"


def _incident(player: Player, transaction: Transaction, expect: Expect) -> Iterator[str]:
    found = [row for row in of_case(transaction, player.case) if row.resolved_at is None]
    if expect.incident is None:
        for row in found:
            yield f"不应有异常,实际在「{row.element_name or row.element}」:{row.message_zh}"
        return
    wanted = expect.incident
    if not any(wanted in (row.element, row.element_name) or wanted in row.message_zh for row in found):
        yield f"应有异常「{wanted}」,实际没有。"
