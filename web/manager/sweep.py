"""How far the quarterly sweep is: by county, township and village, with the exceptions."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.access import covers, scope
from web.context import actor, runtime, tx
from web.manager.blueprint import manager
from workflows.registers import regions, sweep_coverage, sweeps

_INSIDE = {0: 6, 4: 6, 6: 9, 9: 12, 12: 12}
_SHOWN = 100


@manager.get("/sweep")
def sweep() -> ResponseReturnValue:
    """Return the coverage of a round within the person's reach, and who was not met there."""
    rounds = sweeps.newest(tx())
    chosen = next((one for one in rounds if one.round == request.args.get("round")), rounds[0] if rounds else None)
    reach = scope(runtime().published(tx()).roles, actor(), "watch").regions
    asked = request.args.get("region", "")
    places = [asked] if asked.isdecimal() and regions.exists(asked) and covers(reach, asked) else list(reach)
    if chosen is None:
        return render_template("manager/sweep.html", round=None, rounds=[], parts=[], missed=[])
    parts = [
        one
        for place in places
        for one in sweep_coverage.coverage(tx(), chosen.round, place, _INSIDE.get(len(place), 12))
    ]
    missed = [
        one for place in places for one in sweep_coverage.lines(tx(), chosen.round, place, sweeps.MISSED, _SHOWN)
    ][:_SHOWN]
    return render_template(
        "manager/sweep.html",
        round=chosen,
        rounds=[one.round for one in rounds],
        region=places[0] if len(places) == 1 else "",
        above=places[0][: {6: 4, 9: 6, 12: 9}.get(len(places[0]), 0)] if asked and len(places) == 1 else "",
        parts=parts,
        missed=missed,
        place_name=regions.full_name,
    )
