"""The monthly comparison of the disability subsidies as diagrams call it: lists kept, mismatches found, cases begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from engine.clock import add_months
from engine.errors import Text
from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import regions
from workflows.registers.benefits import benefit
from workflows.registers.comparison import arrears, facts, findings, runs
from workflows.registers.comparison.findings import DUE, Finding, Verdict
from workflows.registers.comparison.lists import Card, Lists, News
from workflows.registers.money import yuan
from workflows.registers.payroll.months import written
from workflows.registers.payroll.release import overpaid as paid_since
from workflows.registers.residents import Resident, Residents
from workflows.registers.tables import QUEUES
from workflows.services.reading import case_of, day, day_or_none, key, number, rows, text

_CASE = "subsidy_mismatch"
_AT_ONCE = 500
_COUNTY, _TOWNSHIP = 6, 9
_CARDS, _ENTITLED = "disabled_federation", "none"
_CONFIDENTIAL = "child_benefit"
_REASONS: Mapping[str, Text] = {
    "dead": Text("已死亡", "Dead"),
    "away": Text("户籍已迁出", "Registered elsewhere"),
    "custody": Text("服刑在押", "In custody"),
    "no_card": Text("没有残疾人证", "No disability card"),
    "card_expired": Text("残疾人证到期，未申请换证", "Card ran out, no renewal asked for"),
    "renewal_overdue": Text("换证超过期限", "Renewal takes longer than allowed"),
    "tekun": Text("享受特困供养", "In extreme-poverty support"),
    _CONFIDENTIAL: Text("另有全额保障", "Fully supported otherwise"),
    "not_covered": Text("家庭不属于保障范围", "Household not covered"),
    "work_injury": Text("领取工伤护理费", "Draws a work-injury care benefit"),
    "no_care_need": Text("无长期照护需求", "No need of long-term care"),
    "grade": Text("等级、类别不属于护理补贴范围", "Grade or kind not covered"),
    _ENTITLED: Text("符合条件，尚未享受", "Entitled, not drawn"),
    DUE: Text("到期", "Due"),
}


class ComparisonDesk:
    """The handlers that name people."""

    def __init__(self, keyring: Keyring) -> None:
        self._lists = Lists(keyring)
        self._residents = Residents(keyring)

    def keep(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Write one page of a source's list; of people who are not compared nothing is kept."""
        run, page = key(call, "run"), rows(call, "page")
        if text(call, "source") == _CARDS:
            self._lists.keep_cards(transaction, run, [_card(one) for one in page])
        else:
            self._lists.keep_news(transaction, run, [_news(one) for one in page])
        return {"kept": len(page)}

    def begin_cases(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return whether a case was begun for one more mismatch: for the next ones, so many as one commit takes well."""
        run = key(call, "run")
        month = runs.month_of(transaction, run)
        patience = int(number(call, "sub2.backpay_max_months"))
        found = findings.waiting(transaction, run, _AT_ONCE)
        for one in found:
            findings.begun(transaction, one)
            values = self._values(transaction, one, month, patience)
            transaction.request_case(_CASE, _place(one, case_of(call).region), values)
        return {"more": bool(found)}

    def _values(self, transaction: Transaction, one: Finding, month: date, patience: int) -> Mapping[str, Any]:
        person, card_no = self._person(transaction, one, month)
        items = [_item(transaction, one, name, reason, month) for name, reason in one.reasons]
        return {
            "finding": one.reference,
            "queue": one.queue,
            "month": written(month),
            "applicant_name": person.name,
            "id_no": person.id_no,
            "phone": person.phone,
            "card_no": card_no,
            "resident": "" if one.resident is None else str(one.resident),
            "items": items,
            "reasons": "；".join(f"{item['name']}：{item['why']}" for item in items),
            "dead": any(reason == "dead" for _, reason in one.reasons),
            "old_amount": sum((item["amount"] for item in items), Decimal(0)),
            "apply_type": _apply_type(one),
            "back_from": arrears.since(transaction, one, month, patience),
        }

    def _person(self, transaction: Transaction, one: Finding, on: date) -> tuple[Resident, str]:
        if one.who is not None and one.sealed_as is not None:
            told = self._lists.who(one.sealed_as, one.who)
            return Resident(str(told["name"]), str(told["id_no"]), str(told["phone"])), str(told["card_no"])
        known = None if one.resident is None else self._residents.read(transaction, one.resident, on)
        return (known.person if known else Resident("")), ""


def run_open(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return the comparison of the month after the one it starts in; ``run`` is empty where another case does it."""
    started = day(call, "scheduled_at", transaction.now.date())
    month = add_months(started.replace(day=1), 1)
    run = runs.open_run(transaction, case_of(call), month)
    return {"run": "" if run is None else str(run), "month": written(month)}


def source_missing(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Write that the comparison goes on without the source."""
    runs.note_missing(transaction, key(call, "run"), text(call, "source"))
    return {"noted": True}


def people_alike(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return what is known of the people compared: one context for all of whom the same is known."""
    run = key(call, "run")
    facts.write_facts(transaction, run, int(number(call, "sub2.backpay_max_months")))
    found = enumerate(facts.groups(transaction, run), 1)
    # The first text of a row is what the history calls it.
    alike = [
        {"name": f"第 {at} 组，{count} 人", "facts": code, "people": count, **_known(code)} for at, (code, count) in found
    ]
    return {"alike": alike}


def find(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Write the mismatches that follow from what the decision table said of each group."""
    verdicts = [
        Verdict(str(one["facts"]), str(said["living"]), str(said["care"]), said["invite"] is True)
        for one in rows(call, "verdicts")
        if isinstance(said := one.get("standing"), Mapping)
    ]
    run = key(call, "run")
    findings.find(transaction, run, verdicts, int(number(call, "sub2.card_expiry_warn_months")))
    return {"found": True}


def run_close(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return how many were compared and how many mismatches were found in each queue."""
    found = runs.close_run(transaction, key(call, "run"))
    unnumbered = runs.without_number(transaction, case_of(call).region)
    counted = {name: Decimal(found.get(name, 0)) for name in ("people", *QUEUES)}
    return {**counted, "without_number": Decimal(unnumbered)}


def mismatch_take(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Write which case works on the mismatch."""
    findings.take(transaction, case_of(call), text(call, "finding"))
    return {"taken": True}


def mismatch_settle(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Write what came of the mismatch; it is not found again before ``quiet_until``."""
    findings.settle(transaction, text(call, "finding"), text(call, "outcome"), day_or_none(call, "quiet_until"))
    return {"settled": True}


def overpaid(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Return what was paid by the entries for months from ``since`` on, in yuan."""
    since, entries = day(call, "since"), {int(one["roster"]) for one in rows(call, "items")}
    return {"overpaid": yuan(sum(paid_since(transaction, entry, since).amount for entry in entries))}


def _known(code: str) -> Mapping[str, Any]:
    said = asdict(facts.Facts.of(code))
    card = said["card"]
    return {**said, "grade": Decimal(said["grade"]), "card_expired": card not in ("valid", "renewing")}


def _card(one: Mapping[str, Any]) -> Card:
    return Card(
        id_no=str(one["id_no"]), name=str(one["name"]), phone=str(one.get("phone") or ""),
        card_no=str(one["card_no"]), region=str(one["region"]), kind=str(one["kind"]), grade=int(one["grade"]),
        ends_on=_day(one, "ends_on"), renewal_on=_day(one, "renewal_on"), care_need=one.get("care_need") is True,
    )  # fmt: skip


def _news(one: Mapping[str, Any]) -> News:
    home = one.get("home")
    return News(
        str(one["id_no"]), _day(one, "died_on"), str(home) if home else None, _told(one, "custody"),
        _told(one, "work_injury"),
    )  # fmt: skip


def _told(one: Mapping[str, Any], name: str) -> bool | None:
    return True if one.get(name) is True else None


def _day(one: Mapping[str, Any], name: str) -> date | None:
    value = one.get(name)
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))


def _place(one: Finding, county: str) -> str:
    """Return the township that takes the case; what must not be known there, or lies nowhere, is the county's."""
    known = regions.exists(one.region[:_TOWNSHIP]) and one.region.startswith(county[:_COUNTY])
    hidden = any(reason == _CONFIDENTIAL for _, reason in one.reasons)
    return one.region if known and not hidden else county


def _apply_type(one: Finding) -> str:
    if one.living is not None and one.care is not None:
        return "both"
    return "care" if one.living is None else "living"


def _item(transaction: Transaction, one: Finding, name: str, reason: str, month: date) -> Mapping[str, Any]:
    entry = None if one.resident is None else findings.entries(transaction, one.resident, name, month)
    return {
        "name": benefit(name).name.zh,
        "benefit": name,
        "reason": reason,
        "why": _REASONS[reason].zh,
        "roster": "" if entry is None else str(entry[0]),
        "amount": yuan(0 if entry is None else entry[1]),
    }
