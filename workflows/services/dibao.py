"""The living allowance as diagrams call it: the case's deadline as a fact, and the green channel."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.model import LocalCall
from engine.store.transaction import Transaction
from workflows.registers import dibao
from workflows.registers.dibao import Applied, Deadline
from workflows.services.reading import case_of, day, key_or_none, number_given, text

_COUNTY = 6


def dibao_deadline(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the day by which the case has to be decided, after writing it with its ground into the register."""
    who = Applied(
        variant=text(call, "variant") or "family",
        holder=key_or_none(call, "head"),
        household=key_or_none(call, "household"),
        accepted_on=day(call, "accepted_on"),
    )
    until = Deadline(text(call, "ground"), int(number_given(call, "total_wd")), day(call, "deadline"))
    dibao.keep(transaction, case_of(call), who, until)
    return {"deadline": until.deadline}


def dibao_green(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return how many cases of the county went the green channel this year, this one with its ``green`` state counted."""
    case = case_of(call)
    dibao.green(transaction, case, text(call, "green"))
    return {"green_count": Decimal(dibao.green_this_year(transaction, case.region[:_COUNTY]))}
