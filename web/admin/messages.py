"""Messages under way, and the form to send one by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.operations import required_reason
from engine.commands.publish_message import publish_message
from engine.errors import Conflict, Text
from engine.feel.json_values import context_from_json
from engine.queries.message_traffic import MOST_COUNTED, STATES, counted_by_state, message_traffic
from web.admin.blueprint import admin
from web.context import actor, on_failure, runtime, tx
from web.filters import chosen, process_names, reachable_regions
from web.language import _

# How long a message sent by hand may wait for its case.
LIVES: Mapping[str, timedelta] = {
    "0": timedelta(), "hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7),
}  # fmt: skip
NOBODY_WAITS = Text(
    "没有案件在等这条消息，没有保存。请核对消息名称和关联编号，或者选择让消息等待一段时间。",
    "Expected a case that waits for this message, but there is none, so nothing was kept; "
    "check the name and the key, or let the message wait for a while.",
)


@admin.get("/messages")
def messages() -> ResponseReturnValue:
    """Return the messages of one state, filtered by the address."""
    return _page()


@admin.post("/messages")
def send_message() -> ResponseReturnValue:
    """Send a message by hand, with a reason."""
    on_failure(_page)
    form = request.form
    life = LIVES.get(form.get("life", ""), timedelta())
    sent = publish_message(
        runtime(), tx(), actor(), name=form.get("name", "").strip(), key=form.get("key", "").strip(),
        values=context_from_json(form.get("values", "")), life=life, region=form.get("region", ""),
        reason=required_reason(form.get("reason", "")),
    )  # fmt: skip
    if sent.case is None and sent.message is None:
        raise Conflict(NOBODY_WAITS)
    return redirect(url_for("admin.messages", sent="taken" if sent.case else "kept"), 303)


def _page(sentence: Text | None = None, _fields: Mapping[str, Text] | None = None) -> str:
    state = chosen("state", STATES)
    filters: dict[str, Any] = {name: request.args.get(name, "").strip() for name in ("name", "region")}
    return render_template(
        "admin/messages.html",
        page=message_traffic(runtime(), tx(), actor(), state=state, **filters, after=request.args.get("after")),
        counts=counted_by_state(runtime(), tx(), actor()),
        most=MOST_COUNTED,
        state=state,
        states=_states(),
        filters=filters,
        processes=process_names(),
        regions=reachable_regions("see_incident"),
        places=reachable_regions("send_message"),
        lives=_lives(),
        sentence=sentence,
        typed=request.form,
        sent=request.args.get("sent"),
    )


def _states() -> dict[str, str]:
    return {
        "waiting": _("案件在等"), "buffered": _("消息在等"), "expired": _("过期无人接收"), "incident": _("成为故障"),
    }  # fmt: skip


def _lives() -> dict[str, str]:
    return {"0": _("不等待，没有案件在等就不发"), "hour": _("一小时"), "day": _("一天"), "week": _("七天")}
