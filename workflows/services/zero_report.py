"""The villages' monthly report that nothing has changed: opened village by village, and what was reported there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.clock import start_of_day
from engine.model import LocalCall
from engine.store.transaction import Transaction
from workflows.registers import zero_reports
from workflows.services.reading import case_of, day


def zero_report_open(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return in how many villages of the county a case begins: those that reported no change in the month that was due."""
    begin = _first(day(call, "scheduled_at", transaction.now.date()))
    found = zero_reports.silent(transaction, case_of(call).region, start_of_day(begin))
    for village in found:
        transaction.request_case("zero_report", village, {"month_begin": begin})
    return {"villages": Decimal(len(found))}


def zero_report_read(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the month the case is about, how many households draw benefits and how many changes were reported."""
    village, since = case_of(call).region, start_of_day(_first(day(call, "month_begin", transaction.now.date())))
    return {
        "month": f"{since:%Y-%m}",
        "households": Decimal(zero_reports.households(transaction, village)),
        "reported": Decimal(zero_reports.reported(transaction, village, since)),
    }


def _first(on: date) -> date:
    return on.replace(day=1)
