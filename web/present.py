"""Times and states as people say them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, request, url_for
from markupsafe import Markup, escape

from engine.clock import SHANGHAI
from engine.forms import mask
from engine.queries.item_words import item_words
from web.acts import act
from web.context import runtime
from web.language import _, language, said
from workflows.registers.benefits import benefits, public_name

if TYPE_CHECKING:
    from engine.queries.due import Due


def install(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters.update(
        act=act, due=due, moment=moment, day=day, status=status, case_status=case_status, starter=starter, shown=shown,
        item_name=item_name, masked_id=masked_id,
    )  # fmt: skip
    app.jinja_env.globals.update(
        address_with=address_with, stage_words=stage_words, state_classes=state_classes, active_elements=active_elements
    )


def due(limit: Due | None) -> Markup:
    """Return how long is left, or how late it is, with the exact time on hover."""
    if limit is None:
        return Markup('<span class="due">{}</span>').format(_("无期限"))
    exact = written(limit.at)
    if limit.provisional:
        exact += _(" (暂按未公布的节假日推算)")
    words = _due_words(limit)
    if limit.provisional:
        words += _(" · 暂定")
    late = " late" if limit.overdue_days > 0 else ""
    return Markup('<time class="due{}" datetime="{}" title="{}">{}</time>').format(
        late, limit.at.isoformat(), exact, words
    )


def moment(at: datetime | None) -> Markup:
    """Return date and time in Shanghai, as a time element."""
    if at is None:
        return Markup("–")
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), written(at))


def day(on: date | None) -> Markup:
    """Return a date as a time element."""
    if on is None:
        return Markup("–")
    return Markup('<time datetime="{}">{}</time>').format(on.isoformat(), _written_day(on))


def written(at: datetime) -> str:
    """Return date and time in Shanghai as plain text."""
    local = at.astimezone(SHANGHAI) if at.tzinfo else at
    return f"{_written_day(local)} {local:%H:%M}"


def status(state: str) -> Markup:
    """Return a state in words, with its colour."""
    words, colour = _states().get(state, (state, ""))
    return Markup('<span class="tag {}">{}</span>').format(colour, words)


def case_status(state: str) -> Markup:
    """Return the state of a case in words, with its colour."""
    return status("active" if state == "open" else state)


def starter(name: str) -> str:
    """Return who started a case: the person's name, or that the citizen applied alone."""
    return {"citizen": _("申请人本人"), "system": _("系统")}.get(name, name)


def item_name(item: str) -> str:
    """Return what an iteration is about: a benefit's or a region's name for its code, else the item itself."""
    return said(public_name(item)) if item in benefits() else item_words(runtime(), item)


def masked_id(number: str) -> str:
    """Return an identity number as lists show it, its middle hidden."""
    return mask("cn_id", number) if number else "–"


def shown(value: Any) -> Markup:
    """Return a stored value as a person reads it."""
    if value is None or value == "":
        return Markup("–")
    if isinstance(value, bool):
        return escape(_("是") if value else _("否"))
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list | tuple):
        return escape(_("、")).join(shown(item) for item in value)
    if isinstance(value, dict):
        return escape(str(value.get("name", "; ".join(f"{key}: {item}" for key, item in value.items()))))
    return escape(str(value))


def state_classes(elements: Mapping[str, str]) -> dict[str, str]:
    """Return the style class of each element of a diagram by its state."""
    return {element: f"state-{state}" for element, state in elements.items()}


def active_elements(elements: Mapping[str, str]) -> str:
    """Return the elements where the case is now, by id, for the diagram to begin with."""
    return " ".join(element for element, state in elements.items() if state in ("active", "incident"))


def heat_classes(count: int, overdue: int, hottest: int) -> list[str]:
    """Return the style classes of an element where this many cases wait, the hottest one having ``hottest``."""
    level = 3 if count * 3 > hottest * 2 else 2 if count * 3 > hottest else 1
    return [f"heat-{level}", "heat-late"] if overdue else [f"heat-{level}"]


def stage_words(state: str) -> str:
    """Return what a citizen reads beside a milestone."""
    return {"done": _("已完成"), "active": _("正在办理")}.get(state, _("还没开始"))


def address_with(**changes: str | None) -> str:
    """Return this page's address with some filters changed; None takes one away."""
    kept = {name: value for name, value in request.args.items() if value}
    merged = {**kept, **changes}
    values = {name: value for name, value in merged.items() if value not in (None, "")}
    return url_for(request.endpoint or "", **{**(request.view_args or {}), **values})


def _due_words(limit: Due) -> str:
    if limit.overdue_days > 0:
        return _("超期 %(days)d 天", days=limit.overdue_days)
    if limit.working_days_left <= 0:
        return _("今天到期")
    return _("剩 %(days)d 个工作日", days=limit.working_days_left)


def _written_day(on: date) -> str:
    if language() == "en":
        return f"{on.day} {on:%b} {on.year}"
    return f"{on.year}年{on.month}月{on.day}日"


def _states() -> dict[str, tuple[str, str]]:
    return {
        "active": (_("办理中"), "active"),
        "open": (_("待办理"), "active"),
        "claimed": (_("已领取"), "active"),
        "waiting": (_("未开始"), ""),
        "done": (_("已完成"), "done"),
        "completed": (_("已办结"), "done"),
        "ended": (_("已办结"), "done"),
        "cancelled": (_("已取消"), ""),
        "incident": (_("有故障"), "incident"),
        "error": (_("出错"), "incident"),
        "resolved": (_("已处理"), "done"),
    }
