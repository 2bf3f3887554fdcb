"""Amounts: yuan with two decimals outside, whole fen inside."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.documents.formats import money
from engine.errors import ModelError, Text

_FEN = Decimal(100)


def fen(amount: Any, name: str = "amount") -> int:
    """Return the fen of an amount in yuan. Raises ModelError unless it is above zero without parts of a fen."""
    value = Decimal(str(amount)) if isinstance(amount, int | Decimal) and not isinstance(amount, bool) else None
    if value is None or not value.is_finite() or value <= 0 or value * _FEN != int(value * _FEN):
        raise ModelError(
            Text(
                f"「{name}」应为大于零、最多两位小数的金额,但收到的是 {amount!r},请检查流程中传入的金额。",
                f"Expected {name} to be an amount above zero with at most two decimals, but it is {amount!r}, "
                "so check what the diagram passes in.",
            )
        )
    return int(value * _FEN)


def yuan(amount: int) -> Decimal:
    """Return the yuan of an amount in fen, exactly, with two decimals."""
    return Decimal(amount).scaleb(-2)


def written(amount: int) -> str:
    """Return an amount in fen as people read it: 1,790.00元."""
    return money(yuan(amount))
