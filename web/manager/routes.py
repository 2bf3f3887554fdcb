"""Where cases are stuck: on the diagram, by place, the oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.queries.definitions import live_processes
from engine.queries.heatmap import HeatElement, heatmap
from engine.queries.incidents import incidents
from engine.queries.stuck import stuck
from engine.runtime import LoadedDefinition
from web.context import actor, runtime, tx
from web.filters import process_names, reachable_regions
from web.language import _
from web.manager import delegations, green, queries, sweep
from web.manager.blueprint import manager
from web.present import heat_classes

__all__ = ["delegations", "green", "manager", "queries", "sweep"]

OLDEST_SHOWN = 10


@manager.get("/")
def home() -> ResponseReturnValue:
    """Return the open cases of a process by step and by place, the overdue ones and the oldest."""
    live = live_processes(runtime(), tx(), actor())
    processes = [(one.row.process, one.row.name) for one in live]
    busiest = max(live, key=lambda one: one.open_cases).row.process if live else ""
    process = request.args.get("process") or busiest
    region = request.args.get("region", "")
    if process not in dict(processes):
        return render_template("manager/home.html", processes=processes, regions=[], process="", region="", heat=None)
    heat = heatmap(runtime(), tx(), actor(), process=process, region=region or None)
    return render_template(
        "manager/home.html",
        processes=processes,
        process=process,
        regions=reachable_regions("watch"),
        region=region,
        heat=heat,
        overdue=stuck(runtime(), tx(), actor(), process=process, region=region or None, overdue=True, limit=1).total,
        faults=incidents(runtime(), tx(), actor(), limit=1).total,
        oldest=stuck(runtime(), tx(), actor(), process=process, region=region or None, limit=OLDEST_SHOWN),
        most=max((place.open for place in heat.regions), default=1),
        drawings=_drawings(runtime().latest(tx(), process), heat.elements),
    )


@manager.get("/overdue")
def overdue() -> ResponseReturnValue:
    """Return the overdue tasks, the one that waits longest first."""
    process, region = request.args.get("process", ""), request.args.get("region", "")
    page = stuck(
        runtime(), tx(), actor(),
        process=process or None, region=region or None, overdue=True, after=request.args.get("after"), limit=50,
    )  # fmt: skip
    words = [dict(process_names()).get(process, ""), runtime().regions.name(region) if region else ""]
    return render_template("manager/overdue.html", page=page, filtered=" · ".join(filter(None, words)))


def _drawings(definition: LoadedDefinition, elements: Sequence[HeatElement]) -> list[dict[str, Any]]:
    """Return each diagram that has open cases, with the heat of its elements, the process's own first."""
    own = definition.row.process
    shown = [own, *sorted({item.process for item in elements if item.process in definition.diagrams} - {own})]
    hottest = max((item.open for item in elements), default=1)
    found = []
    for process in shown:
        here = [item for item in elements if item.process == process]
        found.append(
            {
                "process": process,
                "name": definition.diagrams[process].executable.name or process,
                "definition": definition.row.key,
                "open": sum(item.open for item in here),
                "classes": {item.element: heat_classes(item.open, item.overdue, hottest) for item in here},
                "counts": {item.element: _count(item) for item in here},
            }
        )
    return found


def _count(item: HeatElement) -> dict[str, Any]:
    label = _("%(name)s:%(open)d 件，超期 %(overdue)d 件", name=item.name, open=item.open, overdue=item.overdue)
    return {"open": item.open, "overdue": item.overdue, "label": label}
