"""What designers see: the deployed processes, one process to read, and uploading a new version."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.bundle import FileError, read_library, read_upload
from engine.checking import ServiceNames
from engine.errors import Invalid, Text
from engine.feel import Environment
from engine.feel.reference import reference
from engine.model import Finding
from engine.publish import examine, publish
from engine.queries.definitions import definition_page, live_processes
from web.context import actor, in_transaction, on_failure, reading, runtime, tx
from web.designer import shown
from web.designer.elements import handbook
from web.designer.expressions import Attempt, attempted

designer = Blueprint("designer", __name__, template_folder="templates")

REFUSED = Text("没有发布：有错误需要改正。", "Not deployed: there are errors to correct.")
MOST_FINDINGS = 200
EXAMPLE = 'date("2026-01-31") + duration("P1M")'
NO_FILES = Text("请先选择流程文件。", "Choose the files of a process first.")


@designer.get("/")
def processes() -> ResponseReturnValue:
    """Return the deployed processes."""
    return render_template("designer/processes.html", processes=live_processes(runtime(), tx(), actor()))


@designer.get("/<process>")
def process(process: str) -> ResponseReturnValue:
    """Return one process: diagram, tables, forms, numbers, documents, versions."""
    version = request.args.get("version", "")
    page = definition_page(runtime(), tx(), actor(), process, int(version) if version.isdecimal() else None)
    return render_template(
        "designer/process.html",
        page=page,
        tables=shown.tables(page.loaded.files),
        forms=shown.forms(page.loaded.forms),
        numbers=shown.numbers(page.loaded.files, page.policy),
        documents=[page.loaded.documents[name] for name in sorted(page.loaded.documents)],
        scenarios=sorted(name.split("/")[-1] for name in page.loaded.files if name.startswith("scenarios/")),
        new=bool(request.args.get("new")),
        required_words=shown.required_words,
    )


@designer.get("/elements")
def elements() -> ResponseReturnValue:
    """Return every element a diagram may hold, with a picture, what it does and what is refused."""
    return render_template("designer/elements.html", handbook=handbook())


@designer.get("/feel")
def feel() -> ResponseReturnValue:
    """Return every function of the expression language, and a form to try an expression."""
    return _feel_page(_environment(), EXAMPLE, "")


@designer.post("/feel")
def try_expression() -> ResponseReturnValue:
    """Return the same page with the answer; evaluating holds no transaction."""
    environment = reading(_environment)
    expression, context = request.form.get("expression", "").replace("\r\n", "\n"), request.form.get("context", "")
    try:
        attempt = attempted(expression, context, environment)
    except Invalid as error:
        return _feel_page(environment, expression, context, sentence=error.message), 422
    return _feel_page(environment, expression, context, attempt=attempt)


def _environment() -> Environment:
    return Environment(tx().now, runtime().published(tx()).calendar)


def _feel_page(
    environment: Environment,
    expression: str,
    context: str,
    *,
    attempt: Attempt | None = None,
    sentence: Text | None = None,
) -> str:
    return render_template(
        "designer/feel.html",
        groups=reference(environment),
        expression=expression,
        context=context,
        attempt=attempt,
        sentence=sentence,
    )


@designer.get("/upload")
def upload_page() -> ResponseReturnValue:
    """Return the form for uploading a process."""
    return _upload_page(None, (), "")


@designer.post("/upload")
def upload() -> ResponseReturnValue:
    """Deploy the uploaded process when nothing forbids it; else say what does.

    Checking comes first and holds no transaction: while a large diagram is looked at, others go on writing.
    """
    note = request.form.get("note", "")
    on_failure(lambda sentence, _fields: _upload_page(sentence, (), note))
    files = {sent.filename: sent.read() for sent in request.files.getlist("files") if sent.filename}
    if not files:
        return _upload_page(NO_FILES, (), note), 422
    try:
        name, folder = read_upload(files)
    except FileError as error:
        return _upload_page(REFUSED, error.findings, note), 422
    bundle = read_library(runtime().settings.library).with_folder(name, folder).bundle(name)
    services = ServiceNames(frozenset(runtime().services), frozenset(runtime().connectors) | bundle.services)
    approval = examine(bundle, services)
    if approval.errors:
        return _upload_page(REFUSED, approval.findings, note), 422

    def put_in_force() -> ResponseReturnValue:
        publish(runtime(), tx(), actor(), bundle=bundle, approval=approval, note=note)
        return redirect(url_for("designer.process", process=name, new="yes"), 303)

    return in_transaction(put_in_force)


def _upload_page(sentence: Text | None, findings: Sequence[Finding], note: str) -> str:
    shown_first = sorted(findings, key=lambda finding: finding.severity != "error")[:MOST_FINDINGS]
    return render_template(
        "designer/upload.html", sentence=sentence, findings=shown_first, count=len(findings), note=note
    )
