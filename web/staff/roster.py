"""Who draws what: the entries of the rosters within a person's reach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.clock import SHANGHAI, add_months
from web.context import reach_of, runtime, tx
from web.filters import chosen, reachable_regions
from web.language import _, said
from web.staff.blueprint import staff
from workflows.registers import regions
from workflows.registers.benefits import public_benefits
from workflows.registers.enrolled import EnrolledList, Wanted
from workflows.registers.money import yuan
from workflows.registers.tables import LIVE_STATES

_STATES: Mapping[str, tuple[str, ...]] = {
    "": LIVE_STATES, "active": ("active",), "suspended": ("suspended",), "stopped": ("stopped",), "all": (),
}  # fmt: skip


@staff.get("/roster")
def roster() -> ResponseReturnValue:
    """Return who draws which benefit within the person's reach, filtered by the address."""
    today = tx().now.astimezone(SHANGHAI).date()
    state, review = chosen("state", tuple(_STATES)), chosen("review", ("", "due"))
    benefit, region, q = (request.args.get(name, "").strip() for name in ("benefit", "region", "q"))
    wanted = Wanted(
        benefit=benefit, states=_STATES[state], region=region if region.isdecimal() else "", q=q,
        due_by=_last_of_month(today) if review else None,
    )  # fmt: skip
    page = EnrolledList(runtime().keyring).page(
        tx(), reach_of("see_roster"), reach_of("see_case"), wanted, today, request.args.get("after")
    )  # fmt: skip
    return render_template(
        "staff/roster.html",
        page=page, today=today, q=q, benefit=benefit, state=state, region=region, review=review,
        narrowed=bool(benefit or state or region or q or review),
        benefits=[(one.id, said(one.name)) for one in public_benefits().values()],
        states=_state_names(),
        regions=reachable_regions("see_roster"),
        amount_of=_amount,
        place_name=regions.full_name,
    )  # fmt: skip


def _state_names() -> list[tuple[str, str]]:
    return [
        ("", _("在册和暂停发放")),
        ("active", _("在册")),
        ("suspended", _("暂停发放")),
        ("stopped", _("已停发")),
        ("all", _("全部")),
    ]


def _last_of_month(today: date) -> date:
    return add_months(today.replace(day=1), 1) - timedelta(days=1)


def _amount(fen: int) -> str:
    return f"{yuan(fen):,.2f}"
