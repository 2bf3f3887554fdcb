"""The green channel of the living allowance: how many, how fast, where."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.clock import SHANGHAI
from web.context import runtime, tx
from web.manager.blueprint import manager
from web.places import places
from workflows.registers import regions
from workflows.registers.green_channel import green_channel

_YEARS = 3


@manager.get("/green")
def green() -> ResponseReturnValue:
    """Return what went the green channel in a year within the person's reach, area by area."""
    this_year = tx().now.astimezone(SHANGHAI).year
    years = range(this_year, this_year - _YEARS, -1)
    asked = request.args.get("year", "")
    year = int(asked) if asked in map(str, years) else this_year
    here, calendar = places("watch"), runtime().published(tx()).calendar
    parts = [one for place, digits in here.inside() for one in green_channel(tx(), calendar, place, digits, year)]
    days = [day for one in parts for day in one.days]
    return render_template(
        "manager/green.html",
        year=year,
        years=years,
        parts=parts,
        days=days,
        region=here.region,
        above=here.above,
        place_name=regions.full_name,
    )
