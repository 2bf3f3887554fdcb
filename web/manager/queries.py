"""The log of queries about persons, for those who supervise them."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.access import covers
from web.context import reach_of, runtime, tx
from web.filters import reachable_regions
from web.language import _
from web.manager.blueprint import manager
from workflows.registers.query_log import QueryLog


@manager.get("/queries")
def queries() -> ResponseReturnValue:
    """Return who had whose data queried and what for, within the person's reach."""
    reach = reach_of("see_queries")
    region, q = request.args.get("region", ""), request.args.get("q", "").strip()
    after = request.args.get("after", "")
    page = QueryLog(runtime().keyring).page(
        tx(), reach,
        region=region if region.isdecimal() and covers(reach.regions, region) else "", q=q,
        after=int(after) if after.isdecimal() and len(after) < 20 else None,
    )  # fmt: skip
    return render_template(
        "manager/queries.html",
        page=page,
        q=q,
        region=region,
        regions=reachable_regions("see_queries"),
        purposes=_purposes(),
    )


def _purposes() -> dict[str, str]:
    return {
        "new": _("新申请"),
        "review": _("定期复核"),
        "sweep": _("排查"),
        "alert": _("监测预警"),
        "postcheck": _("直接认定后核对"),
        "temp": _("临时救助"),
    }
