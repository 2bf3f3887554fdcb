"""How far the quarterly sweep is: by county, township and village, with the exceptions."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from web.context import runtime, tx
from web.manager.blueprint import manager
from web.places import places
from workflows.registers import regions, sweep_coverage, sweeps
from workflows.registers.sweep_texts import SweepTexts

_SHOWN = 100


@manager.get("/sweep")
def sweep() -> ResponseReturnValue:
    """Return the coverage of a round within the person's reach, and who was not met there."""
    rounds = sweeps.newest(tx())
    chosen = next((one for one in rounds if one.round == request.args.get("round")), rounds[0] if rounds else None)
    if chosen is None:
        return render_template("manager/sweep.html", round=None, rounds=[], parts=[], missed=[])
    here = places("watch")
    parts = [
        one for place, digits in here.inside() for one in sweep_coverage.coverage(tx(), chosen.round, place, digits)
    ]
    missed = [
        one for place in here.prefixes for one in sweep_coverage.lines(tx(), chosen.round, place, sweeps.MISSED, _SHOWN)
    ][:_SHOWN]
    return render_template(
        "manager/sweep.html",
        round=chosen,
        rounds=[one.round for one in rounds],
        region=here.region,
        above=here.above,
        parts=parts,
        missed=missed,
        texts=SweepTexts(runtime().keyring),
        place_name=regions.full_name,
    )
