"""The faults that wait for operations: found by filter, retried, skipped, or ended with an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.resolve_incident import resolve_incident
from engine.commands.skip_activity import skip_activity
from engine.commands.throw_error import throw_error
from engine.errors import Text
from engine.feel.json_values import context_from_json
from engine.queries.incident_groups import incident_groups
from engine.queries.incidents import incidents as open_incidents
from engine.store.incident_filter import IncidentFilter
from web.admin.blueprint import admin
from web.context import actor, on_failure, runtime, tx
from web.filters import process_names, reachable_regions
from web.language import _

FILTERS = ("process", "version", "element", "kind", "message", "region", "hours")
MOST_DIGITS = 5


@admin.get("/incidents")
def incidents() -> ResponseReturnValue:
    """Return the open incidents, filtered by the address."""
    return _page()


@admin.post("/incidents/<int:incident>/retry")
def retry(incident: int) -> ResponseReturnValue:
    """Try what failed once more."""
    on_failure(_again)
    resolve_incident(runtime(), tx(), actor(), incident=incident, reason=request.form.get("reason", ""))
    return _back()


@admin.post("/incidents/<int:incident>/skip")
def skip(incident: int) -> ResponseReturnValue:
    """Complete what failed with entered values."""
    on_failure(_again)
    values = context_from_json(request.form.get("values", ""))
    reason = request.form.get("reason", "")
    skip_activity(runtime(), tx(), actor(), incident=incident, values=values, reason=reason)
    return _back()


@admin.post("/incidents/<int:incident>/error")
def throw(incident: int) -> ResponseReturnValue:
    """End what failed with a BPMN error."""
    on_failure(_again)
    code, reason = request.form.get("code", ""), request.form.get("reason", "")
    throw_error(runtime(), tx(), actor(), incident=incident, code=code, reason=reason)
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("admin.incidents", **_filters()), 303)


def wanted(given: Mapping[str, str]) -> IncidentFilter:
    """Return the filter that an address or a form asks for."""
    texts = {name: given.get(name, "").strip() for name in ("process", "element", "kind", "message", "region")}
    return IncidentFilter(**texts, version=_number(given, "version"), hours=_number(given, "hours"), chosen=None)


def _number(given: Mapping[str, str], name: str) -> int | None:
    text = given.get(name, "").strip()
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def _filters() -> dict[str, Any]:
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def _again(sentence: Text, _fields: Mapping[str, Text]) -> str:
    return _page(sentence)


def _page(sentence: Text | None = None) -> str:
    filters = _filters()
    return render_template(
        "admin/incidents.html",
        page=open_incidents(runtime(), tx(), actor(), given=wanted(request.args), after=request.args.get("after")),
        groups=incident_groups(runtime(), tx(), actor()),
        filters=filters,
        processes=process_names(),
        regions=reachable_regions("see_incident"),
        kinds=kind_words(),
        actions=action_words(),
        sentence=sentence,
        typed=request.form,
        tried=(request.view_args or {}).get("incident"),
    )


def kind_words() -> list[tuple[str, str]]:
    """Return the kinds of incidents, in words."""
    return [
        ("service", _("外部服务")), ("timer", _("定时")), ("message", _("消息")), ("signal", _("信号")),
        ("model", _("流程图")),
    ]  # fmt: skip


def action_words() -> list[tuple[str, str]]:
    """Return what can be done with many incidents, in words."""
    return [
        ("retry", _("重试")),
        ("skip", _("填写结果，跳过这一步")),
        ("update", _("改数据后重试")),
        ("cancel", _("撤销案件")),
    ]
