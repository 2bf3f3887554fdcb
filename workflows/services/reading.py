"""What a handler reads from a call: the case, amounts, texts and numbers in force."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.clock import SHANGHAI
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


def fen_or_zero(call: LocalCall, name: str) -> int:
    """Return a variable in yuan as fen, 0 when it is absent, null or zero."""
    return fen_or_none(call, name) or 0


def flag(call: LocalCall, name: str, otherwise: bool = False) -> bool:
    """Return a variable that is true or false, ``otherwise`` when it is absent or null."""
    value = call.variables.get(name)
    return otherwise if value is None else value is True


def day(call: LocalCall, name: str, otherwise: date | None = None) -> date:
    """Return a variable as a day in Shanghai. Raises ModelError when it is none and there is no ``otherwise``."""
    value = call.variables.get(name)
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).date()
    if isinstance(value, date):
        return value
    if value is None and otherwise is not None:
        return otherwise
    if isinstance(value, str) and len(value) == len("2026-01-01"):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise ModelError(
        Text(
            f"「{name}」应为日期,但收到的是「{value}」,请检查流程传入的变量。",
            f"Expected {name} to be a date, but it is {value!r}, so check what the diagram passes in.",
        ),
        call.element,
    )


def day_or_none(call: LocalCall, name: str) -> date | None:
    """Return a variable as a day in Shanghai, None when it is absent or null."""
    return None if call.variables.get(name) is None else day(call, name)


def rows(call: LocalCall, name: str) -> list[Mapping[str, Any]]:
    """Return a variable that is a list of contexts, empty when it is absent or null."""
    value = call.variables.get(name) or ()
    return [one for one in value if isinstance(one, Mapping)]


def key_or_none(call: LocalCall, name: str) -> int | None:
    """Return a public key written as digits, None when it is absent, null or empty."""
    return key(call, name) if text(call, name) else None


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


def number_given(call: LocalCall, name: str) -> Decimal:
    """Return a variable as a number, 0 when it is absent or null."""
    value = call.variables.get(name)
    return Decimal(0) if value is None else Decimal(str(value))


def policy_value(call: LocalCall, name: str) -> Any:
    """Return what is in force under the dotted id, None when nothing is."""
    value: Any = call.case.get("policy")
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def number(call: LocalCall, name: str) -> Decimal:
    """Return a number in force by its dotted id. Raises ModelError when it is not published."""
    value = policy_value(call, name)
    if not isinstance(value, Decimal):
        raise ModelError(
            Text(
                f"政策参数「{name}」应为数字,但没有找到,请在 policy.yaml 中补上并发布。",
                f"Expected the policy number {name}, but there is none in force, so add it to policy.yaml and publish.",
            ),
            call.element,
        )
    return value
