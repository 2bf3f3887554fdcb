"""The sweep's ledger as an assistant ticks it off, household after household, on a phone and without any script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.complete_task import complete_task
from engine.errors import Text
from engine.queries.task import task_page
from engine.queries.worklist import worklist
from web.context import actor, on_failure, reach_of, runtime, tx
from web.staff.blueprint import staff
from workflows.registers import sweep_coverage, sweeps

_PROCESS = "sweep_visit"


@staff.get("/sweep")
def sweep_ledger() -> ResponseReturnValue:
    """Return the households of the person's places that are still to be visited."""
    return _page()


@staff.post("/sweep/<int:task>")
def sweep_seen(task: int) -> ResponseReturnValue:
    """Record that the whole family was met in person and has no new need; the next household comes up."""
    on_failure(lambda sentence, _fields: _page(sentence))
    found = task_page(runtime(), tx(), actor(), task)
    revision = request.form.get("revision", "")
    done = complete_task(
        runtime(), tx(), actor(),
        task=task, revision=int(revision) if revision.isdecimal() else -1, values=_all_seen(found.view),
        idempotency_key=request.form.get("idempotency_key") or None,
    )  # fmt: skip
    return redirect(url_for("staff.sweep_ledger", recorded=done.number), 303)


def _all_seen(view: Mapping[str, Any]) -> Mapping[str, Any]:
    people = [
        {"name": one["name"], "seen": True, "way": "face", "difficulty": ["none"]} for one in view.get("people") or ()
    ]
    return {"visited_on": tx().now.date().isoformat(), "nobody_met": False, "people": people}


def _page(sentence: Text | None = None) -> str:
    round_ = sweeps.running(tx(), tx().now.date())
    page = worklist(
        runtime(), tx(), actor(), show="roles", process=_PROCESS, q=request.args.get("q", ""),
        after=request.args.get("after"), limit=30,
    )  # fmt: skip
    places = reach_of("work").regions
    parts = (
        [one for place in places for one in sweep_coverage.coverage(tx(), round_.round, place, 12)] if round_ else []
    )
    return render_template(
        "staff/sweep.html",
        round=round_,
        page=page,
        seen=sum(one.seen for one in parts),
        households=sum(one.households for one in parts),
        q=request.args.get("q", ""),
        recorded=request.args.get("recorded", ""),
        sentence=sentence,
    )
