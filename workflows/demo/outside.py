"""What the bank, the networks and the departments answer while the demo's past is played."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.errors import BpmnError
from engine.store.jobs import JobRow
from workflows.connectors.subsidy_lists import read_page
from workflows.demo.scripts import NO_INTERFACE, SILENT
from workflows.departments.households import SEED
from workflows.departments.lists import CountyLists
from workflows.departments.sources import answer

Values = Mapping[str, Any]
_LISTS = CountyLists(SEED)


def answer_of(job: JobRow, variables: Values, manner: str | None) -> Values | BpmnError:
    """Return what a service answers to the job; ``manner`` is how a source of the check misbehaves, if it does.

    Raises KeyError for a service nobody taught the demo: a quick answer must not stand for one that is missing.
    """
    if job.type == "check_source":
        return _source(variables, manner)
    return _ANSWERS[job.type or ""](job, variables)


def _source(variables: Values, manner: str | None) -> Values | BpmnError:
    if manner == NO_INTERFACE:
        return BpmnError("SOURCE_REFUSED")
    if manner == SILENT:
        return {"status": "pending", "items": []}
    items = [_exact(item) for item in answer(variables["source"], variables["members"])]
    return {"status": "answered", "items": items}


def _exact(item: Mapping[str, Any]) -> Mapping[str, Any]:
    number = item["number"]
    return {**item, "number": None if number is None else Decimal(number)}


def _list(_job: JobRow, variables: Values) -> Values:
    asked = {"county": variables["county"], "cursor": variables.get("cursor") or "0"}
    page = _LISTS.page(variables["source"], asked)
    return {"page": read_page(variables["source"], page["rows"]), "cursor": page["next"]}


_ANSWERS: Mapping[str, Callable[[JobRow, Values], Values]] = {
    "bank_account_test": lambda _job, _values: {"account_ok": True, "bank_reason": ""},
    "bank_transfer": lambda job, _values: {
        "paid": True, "bank_reference": f"YH{job.key % 10**10:010d}", "reason": "",
    },
    "check_remind": lambda _job, _values: {"reminded": True},
    "sms": lambda _job, _values: {"sent": True},
    "status_share": lambda _job, _values: {"shared": True},
    "sub2_list": _list,
}  # fmt: skip
