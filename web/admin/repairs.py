"""Incidents mended in one go: begun from the list of incidents, how far they are, what could not be done."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.start_repair import start_repair as start
from engine.commands.stop_repair import stop_repair as stop
from engine.errors import Text
from engine.feel.json_values import context_from_json
from engine.queries.repairs import repair_list, repair_page
from web.admin import incidents as incident_pages
from web.admin.blueprint import admin
from web.context import actor, on_failure, runtime, tx
from web.filters import process_names
from web.language import _


@admin.get("/repairs")
def repairs() -> ResponseReturnValue:
    """Return the batches."""
    return _list(None)


@admin.post("/repairs")
def start_repair() -> ResponseReturnValue:
    """Begin to mend every incident of the filter."""
    on_failure(lambda sentence, _fields: _list(sentence))
    started = start(
        runtime(), tx(), actor(), action=request.form.get("action", ""), given=incident_pages.wanted(request.form),
        values=context_from_json(request.form.get("values", "")), undo=request.form.get("undo") == "1",
        reason=request.form.get("reason", ""),
    )  # fmt: skip
    return redirect(url_for("admin.repair", key=started.key), 303)


@admin.get("/repairs/<int:key>")
def repair(key: int) -> ResponseReturnValue:
    """Return how far a batch is and what it could not do."""
    return _page(key, None)


@admin.post("/repairs/<int:key>/stop")
def stop_repair(key: int) -> ResponseReturnValue:
    """Stop a batch."""
    on_failure(lambda sentence, _fields: _page(key, sentence))
    stop(runtime(), tx(), actor(), repair=key)
    return redirect(url_for("admin.repair", key=key), 303)


def _list(sentence: Text | None) -> str:
    return render_template(
        "admin/repairs.html",
        rows=repair_list(runtime(), tx(), actor()),
        actions=dict(incident_pages.action_words()),
        words=status_words(),
        sentence=sentence,
    )


def _page(key: int, sentence: Text | None) -> str:
    return render_template(
        "admin/repair.html",
        page=repair_page(runtime(), tx(), actor(), key),
        processes=dict(process_names()),
        kinds=dict(incident_pages.kind_words()),
        actions=dict(incident_pages.action_words()),
        words=status_words(),
        items=item_words(),
        sentence=sentence,
    )


def status_words() -> dict[str, str]:
    """Return what a batch is doing, in words."""
    return {"working": _("正在逐件处理"), "finished": _("已处理完"), "stopped": _("已停止")}


def item_words() -> dict[str, str]:
    """Return what has become of incidents, in words and in the order they are shown."""
    return {"waiting": _("等待处理"), "done": _("已处理"), "not done": _("没有处理成")}
