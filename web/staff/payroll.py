"""A month's roster of payments as those who confirm it see it: area by area, then payment by payment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.access import covers
from engine.clock import add_months
from engine.errors import ModelError
from web.context import reach_of, runtime, tx
from web.filters import chosen
from web.language import _, language, said
from web.places import INSIDE, above, place_asked
from web.staff.blueprint import staff
from workflows.registers import regions
from workflows.registers.benefits import public_benefits, public_name
from workflows.registers.money import written
from workflows.registers.payroll import months
from workflows.registers.payroll.exceptions import LineRef, line_of
from workflows.registers.payroll.gates import told
from workflows.registers.payroll.month_areas import areas, frozen_months
from workflows.registers.payroll.month_roster import MonthRoster
from workflows.registers.payroll.states import STATES

SHOWN = ("all", "changed", "failed")
# Above a township its areas are shown, within one its payments.
_TOWNSHIP_DIGITS = 9


@staff.get("/payroll")
def payroll() -> ResponseReturnValue:
    """Return the month's roster of the place asked for within the person's reach."""
    reach = reach_of("see_roster").regions
    region = place_asked(reach) or reach[0]
    frozen = frozen_months(tx(), region)
    month = _month(frozen)
    shared = {
        "region": region,
        "above": _above(region, reach),
        "places": _places(region, reach),
        "month": month,
        "frozen": frozen,
        "written_month": months.written,
        "place_name": regions.full_name,
        "money": written,
    }
    if month is None:
        return render_template("staff/payroll.html", **shared)
    if len(region) < _TOWNSHIP_DIGITS:
        found = areas(tx(), month, region, INSIDE[len(region)])
        return render_template("staff/payroll.html", areas=found, **shared)
    return render_template("staff/payroll.html", **shared, **_lines(month, region))


def _lines(month: date, region: str) -> Mapping[str, object]:
    roster, shown = MonthRoster(runtime().keyring), chosen("show", SHOWN)
    benefit, cases = request.args.get("benefit", ""), reach_of("see_case")
    known = {one.id: said(one.name) for one in public_benefits().values() if one.paid}
    page = roster.page(
        tx(), cases, month, region,
        benefit=benefit if benefit in known else "",
        changed=shown == "changed", failed=shown == "failed", after=_after(),
    )  # fmt: skip
    first = not request.args.get("after")
    return {
        "page": page,
        "gone": roster.gone(tx(), cases, month, region) if shown == "changed" and first else [],
        "sums": areas(tx(), month, region, len(region)),
        "before": areas(tx(), add_months(month, -1), region, len(region)),
        "show": shown,
        "ways": [("all", _("全部")), ("changed", _("与上月不同")), ("failed", _("未通过核验或退回"))],
        "benefit": benefit,
        "benefits": known,
        "benefit_name": public_name,
        "states": STATES,
        "gates": lambda failed: told(failed, language()),
    }


def _above(region: str, reach: Sequence[str]) -> str:
    wider = above(region)
    return wider if wider and covers(reach, wider) else ""


def _places(region: str, reach: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return what lies beside the place, or all of one's own places: who works in two townships sees one at a time."""
    wider = _above(region, reach)
    return regions.children(wider) if wider else [(one, regions.full_name(one)) for one in reach]


def _month(frozen: Sequence[date]) -> date | None:
    asked = request.args.get("month", "")
    return next((one for one in frozen if months.written(one) == asked), frozen[0] if frozen else None)


def _after() -> LineRef | None:
    try:
        found = line_of(request.args["after"])
    except (KeyError, ModelError):
        return None
    return found if found.benefit in public_benefits() else None
