"""What is there to do, and taking or passing on a task."""

from __future__ import annotations

from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.assign_task import assign_task
from engine.commands.claim_task import claim_task
from engine.commands.unclaim_task import unclaim_task
from engine.errors import Text
from engine.queries import worklist as query
from engine.queries.cases import cases
from web.context import actor, on_failure, runtime, tx
from web.filters import chosen, process_names, role_words
from web.language import _
from web.staff import tasks
from web.staff.blueprint import staff

SHOWS = ("roles", "mine", "all")
# Who visits households in a sweep.
SWEEPERS = frozenset({"village_assistant", "township_operator"})


@staff.get("/")
def worklist() -> ResponseReturnValue:
    """Return my worklist, what is due first on top."""
    return _page()


@staff.get("/done")
def done() -> ResponseReturnValue:
    """Return the cases in which I completed a task, the latest first."""
    page = cases(runtime(), tx(), actor(), handled_by_me=True, after=request.args.get("after"))
    return render_template("staff/done.html", page=page)


@staff.post("/tasks/<int:task>/claim")
def claim(task: int) -> ResponseReturnValue:
    """Take a task for oneself, and open it."""
    on_failure(lambda sentence, _fields: _page(sentence))
    claim_task(runtime(), tx(), actor(), task=task)
    return redirect(url_for("staff.task", task=task), 303)


@staff.post("/tasks/<int:task>/unclaim")
def unclaim(task: int) -> ResponseReturnValue:
    """Give a task back to its role."""
    on_failure(lambda sentence, fields: tasks.show(task, sentence, fields))
    unclaim_task(runtime(), tx(), actor(), task=task)
    return redirect(url_for("staff.worklist"), 303)


@staff.post("/tasks/<int:task>/assign")
def assign(task: int) -> ResponseReturnValue:
    """Hand a task to a colleague, with a reason."""
    person, reason = request.form.get("person", ""), request.form.get("reason", "")
    on_failure(lambda sentence, fields: tasks.show(task, sentence, fields, reason=reason))
    assign_task(runtime(), tx(), actor(), task=task, person=int(person) if person.isdecimal() else 0, reason=reason)
    return redirect(url_for("staff.worklist"), 303)


def _page(sentence: Text | None = None) -> str:
    show = chosen("show", SHOWS)
    overdue = bool(request.args.get("overdue"))
    process, q = request.args.get("process", ""), request.args.get("q", "")
    page = query.worklist(
        runtime(), tx(), actor(),
        show=cast(query.Show, show), process=process or None, overdue=overdue, q=q, after=request.args.get("after"),
    )  # fmt: skip
    return render_template(
        "staff/worklist.html",
        page=page, show=show, overdue=overdue, process=process, q=q, sentence=sentence,
        completed=request.args.get("completed", ""),
        caption=_("待办任务，期限最近的在前，共 %(total)d 项", total=page.total),
        tabs=[("roles", _("待我办理")), ("mine", _("我已领取")), ("all", _("本地全部"))],
        processes=process_names(),
        role_words=role_words,
        sweeps=any(grant.role in SWEEPERS for grant in actor().grants),
    )  # fmt: skip
