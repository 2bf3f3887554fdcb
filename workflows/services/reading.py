"""What a handler reads from a call: the case, amounts, texts and numbers in force."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.errors import ModelError, Text
from engine.model import LocalCall
from workflows.registers import money
from workflows.registers.ledger import CaseRef


def case_of(call: LocalCall) -> CaseRef:
    """Return the case that calls."""
    return CaseRef(int(call.case["id"]), str(call.case["number"]), str(call.case["region"]))


def text(call: LocalCall, name: str) -> str:
    """Return a variable as text, empty when it is absent or null."""
    value = call.variables.get(name)
    return "" if value is None else str(value)


def fen(call: LocalCall, name: str) -> int:
    """Return a variable in yuan as fen. Raises ModelError unless it is above zero without parts of a fen."""
    return money.fen(call.variables.get(name), name)


def fen_or_none(call: LocalCall, name: str) -> int | None:
    """Return a variable in yuan as fen, None when it is absent, null or zero."""
    return fen(call, name) if call.variables.get(name) else None


def key(call: LocalCall, name: str) -> int:
    """Return a public key written as digits. Raises ModelError when it is none."""
    value = text(call, name)
    if not value.isdigit():
        raise ModelError(
            Text(
                f"「{name}」应为登记编号,但收到的是「{value}」,请检查流程传入的变量。",
                f"Expected {name} to be a register's number, but it is {value!r}, so check what the diagram passes in.",
            ),
            call.element,
        )
    return int(value)


def number(call: LocalCall, name: str) -> Decimal:
    """Return a number in force by its dotted id. Raises ModelError when it is not published."""
    value: Any = call.case.get("policy")
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if not isinstance(value, Decimal):
        raise ModelError(
            Text(
                f"政策参数「{name}」应为数字,但没有找到,请在 policy.yaml 中补上并发布。",
                f"Expected the policy number {name}, but there is none in force, so add it to policy.yaml and publish.",
            ),
            call.element,
        )
    return value
