"""Moving running cases to another version: choosing the map, looking at every case, moving them, moving them back."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.plan_migration import plan_migration
from engine.commands.run_migration import run_migration
from engine.commands.undo_migration import undo_migration
from engine.diagram.matching import Match
from engine.errors import Text
from engine.queries.migrations import PlanPage, batch_page, processes_to_move
from engine.queries.migrations import plan_page as plan_of
from engine.store.case_migrations import EXAMINED, MOVED
from web.context import actor, on_failure, runtime, tx
from web.language import _

migrations = Blueprint("migrations", __name__, template_folder="templates")


@migrations.get("/")
def processes() -> ResponseReturnValue:
    """Return the processes with cases on former versions."""
    return render_template("designer/migrations.html", processes=processes_to_move(runtime(), tx(), actor()))


@migrations.get("/<process>")
def plan_page(process: str) -> ResponseReturnValue:
    """Return the suggested map between two versions, to be changed and planned."""
    return _plan_page(process, None)


@migrations.post("/<process>")
def plan(process: str) -> ResponseReturnValue:
    """Plan a batch; its cases are looked at, and nothing moves yet."""
    on_failure(lambda sentence, _fields: _plan_page(process, sentence))
    page = _plan(process)
    planned = plan_migration(
        runtime(), tx(), actor(),
        process=process, source=page.source.key, target=page.target.key,
        elements={(one.process, one.node.id): request.form[field_of(one)] or None for one in page.matches
                  if field_of(one) in request.form},
        replan=request.form.get("due") == "anew", reason=request.form.get("reason", ""),
    )  # fmt: skip
    return redirect(url_for("migrations.batch", key=planned.key), 303)


@migrations.get("/batches/<int:key>")
def batch(key: int) -> ResponseReturnValue:
    """Return how far a batch is, what stands in the way, and what can be done next."""
    return _batch_page(key, None)


@migrations.post("/batches/<int:key>/run")
def run(key: int) -> ResponseReturnValue:
    """Move every case of the batch that can be moved."""
    on_failure(lambda sentence, _fields: _batch_page(key, sentence))
    run_migration(runtime(), tx(), actor(), migration=key)
    return redirect(url_for("migrations.batch", key=key), 303)


@migrations.post("/batches/<int:key>/undo")
def undo(key: int) -> ResponseReturnValue:
    """Move the untouched cases of the batch back."""
    on_failure(lambda sentence, _fields: _batch_page(key, sentence))
    undo_migration(runtime(), tx(), actor(), migration=key)
    return redirect(url_for("migrations.batch", key=key), 303)


def field_of(one: Match) -> str:
    """Return the name of the field in which the counterpart of an element is chosen."""
    return f"to:{one.process}:{one.node.id}"


def chosen(one: Match) -> str:
    """Return the counterpart that is chosen in the form, or suggested; empty where there is none."""
    return request.form.get(field_of(one), one.target or "")


def _plan(process: str) -> PlanPage:
    return plan_of(runtime(), tx(), actor(), process, _version("source"), _version("target"))


def _version(name: str) -> int | None:
    value = request.values.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 20 else None


def _plan_page(process: str, sentence: Text | None) -> str:
    page = _plan(process)
    return render_template(
        "designer/plan.html",
        page=page,
        sentence=sentence,
        differing=[one for one in page.matches if one.target != one.node.id],
        same=[one for one in page.matches if one.target == one.node.id],
        field_of=field_of,
        chosen=chosen,
        batch_words=batch_words(),
    )


def _batch_page(key: int, sentence: Text | None) -> str:
    page = batch_page(runtime(), tx(), actor(), key)
    return render_template(
        "designer/batch.html",
        page=page,
        sentence=sentence,
        batch_words=batch_words(),
        case_words=case_words(),
        may_run=page.row.status == EXAMINED and page.counts.get("movable", 0) > 0,
        may_undo=page.row.status == MOVED and page.counts.get("moved", 0) > 0,
    )


def batch_words() -> dict[str, str]:
    """Return what a batch is doing, in words."""
    return {
        "examining": _("正在逐件检查"),
        "examined": _("已检查，尚未迁移"),
        "moving": _("正在迁移"),
        "moved": _("已迁移"),
        "undoing": _("正在撤回"),
        "undone": _("已撤回"),
    }


def case_words() -> dict[str, str]:
    """Return what has happened to the cases of a batch, in words and in the order they are shown."""
    return {
        "waiting": _("等待检查"),
        "movable": _("可以迁移"),
        "moved": _("已迁移"),
        "refused": _("不能迁移"),
        "failed": _("迁移失败，留在原版本"),
        "gone": _("已办结或已换版本"),
        "undone": _("已撤回"),
        "kept": _("已有新的办理，未撤回"),
    }
