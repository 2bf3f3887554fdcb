"""What administrators and operations see: status, people, calendars, the demo's clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.clock import SHANGHAI, end_of_day, workdays_after
from engine.commands import add_person as people_commands
from engine.commands.enter_calendar import enter_calendar as enter
from engine.commands.move_clock import move_clock as move
from engine.errors import Invalid, Text
from engine.model import Grant
from engine.queries.calendars import calendars as known_calendars
from engine.queries.page import Page
from engine.queries.people import Colleague
from engine.queries.people import people as everybody
from engine.queries.status import status as state_of_installation
from web.admin import incidents, messages, modifications, repairs, suspensions, tokens
from web.admin.blueprint import admin
from web.admin.dates import read_days
from web.context import actor, on_failure, runtime, tx
from web.filters import all_regions, grant_words, role_names
from web.language import _

__all__ = ["admin", "incidents", "messages", "modifications", "repairs", "suspensions", "tokens"]

PEOPLE_A_PAGE = 100


@admin.get("/status")
def status() -> ResponseReturnValue:
    """Return how the installation is: nodes, queues, how late, incidents, size."""
    return render_template("admin/status.html", status=state_of_installation(runtime(), tx()))


@admin.get("/people")
def people() -> ResponseReturnValue:
    """Return the people who can sign in."""
    return _people(None, {})


@admin.post("/people")
def add_person() -> ResponseReturnValue:
    """Add a person."""
    on_failure(_people)
    role, region = request.form.get("role", ""), request.form.get("region", "")
    people_commands.add_person(
        runtime(), tx(), actor(),
        login=request.form.get("login", "").strip(), name=request.form.get("name", "").strip(),
        password=request.form.get("password", ""), grants=(Grant(role, region),) if role else (),
    )  # fmt: skip
    return redirect(url_for("admin.people", q=request.form.get("login", "").strip()), 303)


@admin.get("/calendars")
def calendars() -> ResponseReturnValue:
    """Return the years of the working-day calendar."""
    return _calendars(None)


@admin.post("/calendars")
def enter_calendar() -> ResponseReturnValue:
    """Enter a year; every due time that counted it is computed again."""
    on_failure(lambda sentence, _fields: _calendars(sentence))
    year = request.form.get("year", "")
    if not year.isdecimal() or len(year) != 4:
        message = Text("年份应为四位数字。", "Expected a year of four digits.")
        raise Invalid(message, {"year": message})
    entered = enter(
        runtime(), tx(), actor(),
        year=int(year), off_days=read_days(request.form.get("off_days", "")),
        makeup_workdays=read_days(request.form.get("makeup_workdays", "")), source=request.form.get("source", ""),
    )  # fmt: skip
    return redirect(url_for("admin.calendars", recomputed=entered.recomputed), 303)


@admin.get("/clock")
def clock() -> ResponseReturnValue:
    """Return the control of the demo's clock; exists in the demo alone."""
    _only_in_demo()
    return _clock(None)


@admin.post("/clock")
def move_clock() -> ResponseReturnValue:
    """Move business time forward."""
    _only_in_demo()
    on_failure(lambda sentence, _fields: _clock(sentence))
    move(runtime(), tx(), actor(), to=_wanted_time())
    return redirect(url_for("admin.clock"), 303)


def _wanted_time() -> datetime:
    days = request.form.get("workdays", "")
    if days.isdecimal():
        return _after_workdays(min(int(days), 30))
    try:
        return datetime.fromisoformat(request.form.get("to", "")).replace(tzinfo=SHANGHAI)
    except ValueError:
        message = Text("请选择要拨到的日期和时间。", "Choose the date and time to move to.")
        raise Invalid(message, {"to": message}) from None


def _after_workdays(days: int) -> datetime:
    """Return a minute after the deadline of this many working days: what is due by then has fired."""
    last: date = workdays_after(runtime().published(tx()).calendar, tx().now.date(), days)
    return end_of_day(last) + timedelta(minutes=1)


def _people(sentence: Text | None, errors: dict[str, Text]) -> str:
    q = request.args.get("q", "").strip().lower()
    found = [one for one in everybody(runtime(), tx(), actor()) if q in one.login or q in one.name.lower()]
    return render_template(
        "admin/people.html",
        page=_part(found, request.args.get("after", "")),
        q=q,
        roles=role_names(),
        regions=all_regions(),
        words=grant_words,
        sentence=sentence,
        errors=errors,
        typed=request.form,
    )


def _part(found: list[Colleague], after: str) -> Page[Colleague]:
    rows = [one for one in found if one.login > after]
    shown = tuple(rows[:PEOPLE_A_PAGE])
    return Page(shown, len(found), shown[-1].login if len(rows) > len(shown) else None)


def _calendars(sentence: Text | None) -> str:
    return render_template(
        "admin/calendars.html",
        calendars=known_calendars(runtime(), tx()),
        recomputed=request.args.get("recomputed"),
        sentence=sentence,
        typed=request.form,
    )


def _clock(sentence: Text | None) -> str:
    return render_template("admin/clock.html", sentence=sentence, to=f"{runtime().clock.now():%Y-%m-%dT%H:%M}")


def _only_in_demo() -> None:
    if not runtime().settings.demo:
        abort(404)


def tabs() -> list[tuple[str, str, str]]:
    """Return the pages of the administration: endpoint, the action it needs, words."""
    return [
        ("admin.incidents", "see_incident", _("故障")),
        ("admin.messages", "see_incident", _("消息")),
        ("admin.suspensions", "see_incident", _("暂停")),
        ("admin.modifications", "modify_case", _("修改案件")),
        ("admin.status", "operate", _("运行状态")),
        ("migrations.processes", "migrate", _("迁移在办案件")),
        ("admin.people", "administer", _("人员")),
        ("admin.tokens", "administer", _("接口令牌")),
        ("admin.calendars", "administer", _("工作日历")),
    ]


def words_of_role(role: str) -> str:
    """Return what a node does, as a reader says it."""
    words = {"web": _("网页"), "worker": _("后台任务"), "web and worker": _("网页和后台任务")}
    return words.get(role, _("未说明"))


admin.add_app_template_global(words_of_role)
admin.add_app_template_global(tabs, "admin_tabs")
