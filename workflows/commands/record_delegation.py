"""Records that a county, or one township, may decide an item from a day on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.commands.operations import required_reason
from engine.errors import Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store.transaction import Transaction
from workflows.commands.delegating import check_place, chosen_item, write_trail
from workflows.registers import delegations
from workflows.registers.delegations import Delegation
from workflows.registers.money import fen

LONGEST_DECISION = 100


def record_delegation(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    region: str,
    item: str,
    limit: Decimal | None,
    since: date,
    until: date | None,
    decision: str,
    reason: str,
) -> Delegation:
    """Return the record: the townships of the region decide the item up to ``limit`` yuan (None: any amount).

    ``decision`` names the paper that says so; both days count. Raises Forbidden outside the actor's place, Invalid with
    a sentence for the field.
    """
    check_place(runtime, transaction, actor, region)
    chosen = chosen_item(item)
    given = required_reason(reason)
    _check_days(since, until, transaction.now.date())
    if not decision.strip() or len(decision.strip()) > LONGEST_DECISION:
        raise _wrong(
            "decision",
            "请填写下放文件的文号，不超过 100 字。",
            "Expected the number of the paper, at most 100 characters.",
        )
    if limit is None and chosen.limited:
        raise _wrong(
            "limit", f"{chosen.name.zh}须填写乡镇审批额度。", "Expected the limit up to which the township decides."
        )
    if limit is not None and (limit <= 0 or limit != round(limit, 2) or limit > _MOST):
        raise _wrong("limit", "额度应大于零，最多两位小数。", "Expected a limit above zero with at most two decimals.")
    what = Delegation(
        region, item, 0 if limit is None else fen(limit), since, until, decision.strip(),
        unlimited=limit is None, reason=given, recorded_by=actor.name, recorded_at=transaction.now,
    )  # fmt: skip
    delegations.record(transaction, [what])
    write_trail(transaction, actor, "record_delegation", what)
    return what


_MOST = Decimal(10_000_000)


def _check_days(since: date, until: date | None, today: date) -> None:
    """What was decided in the past was decided under what was recorded then: a record begins today at the earliest."""
    if since < today:
        raise _wrong("since", "起始日期不能早于今天。", "Expected a first day that is not before today.")
    if until is not None and until < since:
        raise _wrong("until", "截止日期不能早于起始日期。", "Expected a last day that is not before the first.")


def _wrong(field: str, zh: str, en: str) -> Invalid:
    message = Text(zh, en)
    return Invalid(message, {field: message})
