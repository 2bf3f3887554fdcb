"""Who may decide what: the dated records of delegation, and the forms to add and to revoke one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import covers
from engine.errors import Invalid, Text
from web.context import actor, on_failure, reach_of, runtime, tx
from web.filters import all_regions
from web.language import _
from web.manager.blueprint import manager
from workflows.commands.record_delegation import record_delegation as record
from workflows.commands.revoke_delegation import revoke_delegation as revoke
from workflows.registers import delegations as register
from workflows.registers.delegations import Delegation
from workflows.registers.money import yuan


@manager.get("/delegations")
def delegations() -> ResponseReturnValue:
    """Return the records of the person's place."""
    return _page()


@manager.post("/delegations")
def record_delegation() -> ResponseReturnValue:
    """Record what was entered."""
    on_failure(_page)
    form = request.form
    record(
        runtime(), tx(), actor(),
        region=form.get("region", ""), item=form.get("item", ""), limit=_amount(form.get("limit", "")),
        since=_day("since") or tx().now.date(), until=_day("until"), decision=form.get("decision", ""),
        reason=form.get("reason", ""),
    )  # fmt: skip
    return redirect(url_for("manager.delegations"), 303)


@manager.post("/delegations/revoke")
def revoke_delegation() -> ResponseReturnValue:
    """Take the item back, with what waits for the township's decision."""
    on_failure(_page)
    form = request.form
    revoked = revoke(
        runtime(), tx(), actor(),
        region=form.get("region", ""), item=form.get("item", ""), reason=form.get("reason", ""),
    )  # fmt: skip
    return redirect(url_for("manager.delegations", moved=revoked.handed_up), 303)


def _page(sentence: Text | None = None, fields: Mapping[str, Text] | None = None) -> str:
    reach = reach_of("delegate")
    rows = register.listed(tx(), reach)
    return render_template(
        "manager/delegations.html",
        rows=[(row, _standing(row)) for row in rows],
        places=[(code, name) for code, name in all_regions() if covers(reach.regions, code)],
        items=register.items().values(),
        names=register.items(),
        region_name=runtime().regions.name,
        yuan=yuan,
        today=tx().now.date(),
        moved=request.args.get("moved", type=int),
        sentence=sentence,
        fields=fields or {},
        typed=request.form,
        tried=request.endpoint,
    )


def _standing(row: Delegation) -> str:
    today = tx().now.date()
    if row.until is not None and row.until < today:
        return _("已结束")
    if row.withdrawn:
        return _("已收回")
    return _("生效中") if row.since <= today else _("尚未生效")


def _day(field: str) -> date | None:
    given = request.form.get(field, "").strip()
    if not given:
        return None
    with suppress(ValueError):
        return date.fromisoformat(given)
    message = Text("请填写日期，如 2026-10-01。", "Expected a date such as 2026-10-01.")
    raise Invalid(message, {field: message})


def _amount(given: str) -> Decimal | None:
    if not given.strip():
        return None
    with suppress(InvalidOperation):
        found = Decimal(given.strip())
        if found.is_finite():
            return found
    message = Text("额度应为数字，如 2001.00。", "Expected a number such as 2001.00.")
    raise Invalid(message, {"limit": message})
