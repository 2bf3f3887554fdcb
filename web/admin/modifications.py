"""Tokens of a case moved by hand: choosing on the diagram, what would happen, a second person's decision."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import propose_modification as proposing
from engine.commands.approve_modification import approve_modification as approve
from engine.commands.refuse_modification import refuse_modification as refuse
from engine.errors import Invalid, Text
from engine.feel.json_values import context_from_json
from engine.model import Modification, TokenStart
from engine.queries.modifications import ShownOutcome, choice_page, decision_page, outcome_of, proposals
from engine.queries.suspensions import case_of_number
from web.admin.blueprint import admin
from web.context import actor, on_failure, runtime, tx
from web.language import _

SEPARATOR = "|"


@admin.get("/modifications")
def modifications() -> ResponseReturnValue:
    """Return what was proposed, or the page of the case whose number was entered."""
    number = request.args.get("number", "").strip()
    if not number:
        return _list(None)
    try:
        case = case_of_number(runtime(), tx(), actor(), number)
    except Invalid as unknown:
        return _list(unknown.message)
    return redirect(url_for("admin.modify_page", case=case), 303)


@admin.get("/cases/<int:case>/modification")
def modify_page(case: int) -> ResponseReturnValue:
    """Return what can be chosen in the case."""
    return _choices(case)


@admin.post("/cases/<int:case>/modification")
def propose_modification(case: int) -> ResponseReturnValue:
    """Show what the choice would do; or propose it, for somebody else to decide."""
    on_failure(lambda sentence, _fields: _choices(case, sentence))
    plan = _plan()
    if request.form.get("do") != "propose":
        outcome = proposing.try_modification(runtime(), tx(), actor(), case=case, plan=plan)
        return _choices(case, outcome=outcome_of(runtime(), tx(), case, outcome))
    reason = request.form.get("reason", "")
    proposed = proposing.propose_modification(runtime(), tx(), actor(), case=case, plan=plan, reason=reason)
    return redirect(url_for("admin.modification", key=proposed.key), 303)


@admin.get("/modifications/<int:key>")
def modification(key: int) -> ResponseReturnValue:
    """Return one proposal and what it does."""
    return _decision(key)


@admin.post("/modifications/<int:key>/approve")
def approve_modification(key: int) -> ResponseReturnValue:
    """Carry the modification out."""
    on_failure(lambda sentence, _fields: _decision(key, sentence))
    approve(runtime(), tx(), actor(), modification=key, note=request.form.get("note", ""))
    return redirect(url_for("admin.modification", key=key), 303)


@admin.post("/modifications/<int:key>/refuse")
def refuse_modification(key: int) -> ResponseReturnValue:
    """Close the proposal without doing anything."""
    on_failure(lambda sentence, _fields: _decision(key, sentence))
    refuse(runtime(), tx(), actor(), modification=key, note=request.form.get("note", ""))
    return redirect(url_for("admin.modification", key=key), 303)


def _plan() -> Modification:
    ends = tuple(int(one) for one in request.form.getlist("ends") if one.isdecimal() and len(one) < 20)
    starts = tuple(_start(one) for one in request.form.getlist("starts") if one.count(SEPARATOR) == 2)
    return Modification(ends, starts, context_from_json(request.form.get("values", "")))


def _start(chosen: str) -> TokenStart:
    process, element, within = chosen.split(SEPARATOR)
    return TokenStart(process, element, int(within) if within.isdecimal() and len(within) < 20 else None)


def _list(sentence: Text | None) -> str:
    return render_template(
        "admin/modifications.html",
        rows=proposals(runtime(), tx(), actor()),
        words=status_words(),
        sentence=sentence,
        number=request.args.get("number", ""),
    )


def _choices(case: int, sentence: Text | None = None, outcome: ShownOutcome | None = None) -> str:
    return render_template(
        "admin/modify.html",
        page=choice_page(runtime(), tx(), actor(), case),
        kinds=wait_words(),
        sentence=sentence,
        outcome=outcome,
        typed=request.form,
        separator=SEPARATOR,
    )


def _decision(key: int, sentence: Text | None = None) -> str:
    return render_template(
        "admin/modification.html",
        page=decision_page(runtime(), tx(), actor(), key),
        kinds=wait_words(),
        words=status_words(),
        sentence=sentence,
        typed=request.form,
        tried=request.endpoint,
    )


def status_words() -> Mapping[str, str]:
    """Return what has become of a proposal, in words."""
    return {
        "proposed": _("等待复核"),
        "done": _("已执行"),
        "refused": _("已退回"),
        "withdrawn": _("提议人已撤回"),
    }


def wait_words() -> Mapping[str, str]:
    """Return what moves a step on, in words."""
    return {
        "user_task": _("等人办理"),
        "timer": _("定时"),
        "job": _("外部服务"),
        "message": _("等消息"),
        "signal": _("等信号"),
        "conditional": _("等条件成立"),
    }
