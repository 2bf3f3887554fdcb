"""Searching cases, and one case with its diagram, timeline, documents and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import may_anywhere
from engine.commands.cancel_case import cancel_case
from engine.commands.grant_reading import end_reading as end
from engine.commands.grant_reading import grant_reading as grant
from engine.commands.reveal import reveal as reveal_value
from engine.errors import NotFound, Text
from engine.queries import attachments
from engine.queries import cases as query
from engine.queries.case import case_page
from engine.queries.definitions import diagram_xml
from engine.queries.history import HistoryRow
from engine.queries.readers import readers
from engine.queries.trail import openings, trail
from web.context import actor, on_failure, runtime, tx
from web.filters import chosen, process_names, reachable_regions
from web.language import _
from web.present import state_classes
from web.staff.blueprint import staff
from workflows.letterheads import Notice, notice_html

STATUSES = ("", "open", "suspended", "completed", "cancelled")


@dataclass(frozen=True, slots=True)
class StepRow:
    """One element of the diagrams as a line of the table beside them."""

    name: str
    state: str
    count: int


@staff.get("/cases")
def cases() -> ResponseReturnValue:
    """Return the cases the person may see, filtered by the address."""
    status, process = chosen("status", STATUSES), request.args.get("process", "")
    element, region, q = (request.args.get(name, "") for name in ("element", "region", "q"))
    page = query.cases(
        runtime(), tx(), actor(),
        q=q, status=status or None, process=process or None, region=region or None, element=element or None,
        overdue=request.args.get("overdue") == "1", of=request.args.get("of") or None,
        after=request.args.get("after"),
    )  # fmt: skip
    return render_template(
        "staff/cases.html",
        page=page, q=q, status=status, process=process, region=region,
        drilled=_("只看现在停在所选步骤的案件。") if element else "",
        statuses=[("", _("全部")), ("open", _("办理中")), ("suspended", _("暂停")), ("completed", _("已办结")), ("cancelled", _("已取消"))],
        processes=process_names(),
        regions=reachable_regions("see_case"),
    )  # fmt: skip


@staff.get("/cases/<int:case>")
def case(case: int) -> ResponseReturnValue:
    """Return the case."""
    return _page(case)


@staff.post("/cases/<int:case>/reveal")
def reveal(case: int) -> ResponseReturnValue:
    """Return the case with one masked number in full; who saw it and why is written down."""
    on_failure(lambda sentence, _fields: _page(case, sentence))
    value = reveal_value(
        runtime(), tx(), actor(),
        case=case, name=request.form.get("what", ""), reason=request.form.get("reason", ""),
    )  # fmt: skip
    return _page(case, revealed=value)


@staff.post("/cases/<int:case>/cancel")
def cancel(case: int) -> ResponseReturnValue:
    """Cancel the case, with a reason, perhaps undoing what it has completed."""
    # Operations cancel a case that cannot be mended without seeing what is in it.
    sees_cases = may_anywhere(g.roles, actor(), "see_case")
    if sees_cases:
        on_failure(lambda sentence, _fields: _page(case, sentence))
    reason, undo = request.form.get("reason", ""), request.form.get("undo") == "1"
    cancel_case(runtime(), tx(), actor(), case=case, reason=reason, undo=undo)
    return redirect(url_for("staff.case", case=case) if sees_cases else url_for("admin.incidents"), 303)


@staff.post("/cases/<int:case>/readers")
def grant_reading(case: int) -> ResponseReturnValue:
    """Let one person more read a restricted case."""
    on_failure(lambda sentence, _fields: _page(case, sentence))
    form = request.form
    grant(runtime(), tx(), actor(), case=case, login=form.get("login", ""), reason=form.get("reason", ""))
    return redirect(url_for("staff.case", case=case), 303)


@staff.post("/cases/<int:case>/readers/<int:reader>/end")
def end_reading(case: int, reader: int) -> ResponseReturnValue:
    """Let a named person no longer read a restricted case."""
    on_failure(lambda sentence, _fields: _page(case, sentence))
    end(runtime(), tx(), actor(), case=case, reader=reader, reason=request.form.get("reason", ""))
    return redirect(url_for("staff.case", case=case), 303)


@staff.get("/documents/<int:key>")
def document(key: int) -> ResponseReturnValue:
    """Return a notice as it goes on paper."""
    issued = attachments.document(runtime(), tx(), actor(), key)
    notice = Notice(issued.title, issued.number, issued.region, issued.issued_at, issued.html, issued.basis)
    return render_template("staff/document.html", document=issued, notice=notice_html(notice))


@staff.get("/files/<key>")
def file(key: str) -> ResponseReturnValue:
    """Return an upload, always as a download."""
    content = attachments.file(runtime(), tx(), actor(), key)
    response = make_response(content.data)
    response.mimetype = content.type
    response.headers.set("Content-Disposition", "attachment", filename=content.name)
    return response


@staff.get("/diagrams/<int:definition>/<process>.bpmn")
def diagram(definition: int, process: str) -> Response:
    """Return the diagram of a version or of a process it calls; a version never changes."""
    try:
        xml = diagram_xml(runtime(), tx(), definition, process)
    except KeyError:
        raise NotFound(Text("没有找到这张流程图。", "No such diagram.")) from None
    response = make_response(xml)
    response.mimetype = "application/xml"
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _page(case: int, sentence: Text | None = None, revealed: str = "") -> str:
    page = case_page(runtime(), tx(), actor(), case)
    return render_template(
        "staff/case.html",
        page=page,
        case=page.summary,
        drawn=[(state, state_classes(state.elements)) for state in page.diagrams],
        faults=[fault for fault in page.incidents if fault.resolved_at is None],
        steps=_steps(
            page.history, {element: state for drawn in page.diagrams for element, state in drawn.elements.items()}
        ),
        masked=[fact for fact in page.summary.facts if fact.masked],
        audit=trail(runtime(), tx(), actor(), case),
        readers=readers(runtime(), tx(), actor(), case),
        openings=openings(runtime(), tx(), actor(), case),
        revealed=revealed,
        sentence=sentence,
    )


def _steps(history: Sequence[HistoryRow], states: Mapping[str, str]) -> list[StepRow]:
    counts: dict[tuple[str, str], int] = {}
    names: dict[tuple[str, str], str] = {}
    for row in history:
        place = row.process, row.element
        counts[place] = counts.get(place, 0) + 1
        names[place] = row.what or row.element
    return [StepRow(names[place], states.get(place[1], "done"), count) for place, count in counts.items()]
