"""What a citizen sees: apply without an account, follow by number and phone."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import Forbidden, NotFound, Text
from engine.queries.progress import progress as find_progress
from engine.queries.startable import Startable, start_form, startable
from web import forms
from web.citizen.state import State, seal, unseal
from web.citizen.walk import CORRECT, Walk, posted_page, send
from web.context import citizen as nobody
from web.context import on_failure, runtime, tx
from web.errors import status_of
from web.language import _

citizen = Blueprint("citizen", __name__, template_folder="templates")

CHOOSE_COUNTY = Text("请选择县（市、区）。", "Choose the county.")
CHOOSE_TOWNSHIP = Text("请选择乡镇（街道）。", "Choose the township.")


@citizen.get("/")
def home() -> ResponseReturnValue:
    """Return the first page: what can be applied for, and where to follow an application."""
    return render_template("citizen/home.html", startable=startable(runtime(), tx(), nobody()))


@citizen.get("/manifest.webmanifest")
def manifest() -> Response:
    """Return what a phone needs to keep the site among its apps."""
    icon = {"src": url_for("static", filename="icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    response = jsonify(
        name=_("新乡社会救助"), short_name=_("社会救助"), start_url="/", display="standalone",
        background_color="#f3f6fa", theme_color="#1457a8", lang="zh-CN", icons=[icon],
    )  # fmt: skip
    response.mimetype = "application/manifest+json"
    return response


@citizen.get("/apply/<process>")
def begin(process: str) -> ResponseReturnValue:
    """Return the page with the notice, the consents and the choice of county."""
    return _begin(_offer(process), State(process))


@citizen.post("/apply/<process>")
def step(process: str) -> ResponseReturnValue:
    """Return the next page of an application, or its receipt."""
    go = request.form.get("go", "")
    if go == "county":
        return _choose_county(_offer(process))
    state = unseal(runtime().keyring, request.form.get("state", ""))
    if state.process != process:
        abort(404)
    offer = _offer(process, state.region)
    if go == "begin":
        return _begin(offer, state)
    if go == "township":
        return _choose_township(offer, state)
    if offer.form is None:
        return _send(offer, state)
    return _answer(Walk(offer, offer.form, state), go)


@citizen.get("/progress")
def progress_page() -> ResponseReturnValue:
    """Return the question for number and phone."""
    return _progress_form("", "", None)


@citizen.post("/progress")
def progress() -> ResponseReturnValue:
    """Return how far the application is."""
    number, phone = request.form.get("number", "").strip(), request.form.get("phone", "").strip()
    try:
        found = find_progress(runtime(), tx(), number=number, phone=phone, address=request.remote_addr or "")
    except (NotFound, Forbidden) as error:
        # Answered here and not by the error page, so that the attempt stays counted.
        return _progress_form(number, phone, error.message), status_of(error)
    return render_template("citizen/progress.html", found=found)


def _answer(walk: Walk, go: str) -> ResponseReturnValue:
    change = request.form.get("change")
    if change is not None:
        return walk.ask(change, {})
    if go == "submit":
        return _send(walk.offer, walk.state, walk)
    page = posted_page()
    posted = forms.read_post(walk.form)
    forms.keep_files(walk.form, posted, walk.state.owner)
    walk = replace(walk, state=walk.state.answered(posted.raw))
    if request.form.get("_parts"):
        return walk.fields(page, {})
    if go == "back":
        before = walk.page_before(page)
        return _township(walk.offer, walk.state) if before is None else walk.ask(before, {})
    if posted.rows_changed:
        return walk.ask(page, posted.errors)
    errors = {**walk.wrong_on(page), **posted.errors}
    if errors:
        return walk.ask(page, errors, CORRECT), 422
    after = walk.page_after(page)
    return walk.review() if after is None else walk.ask(after, {})


def _send(offer: Startable, state: State, walk: Walk | None = None) -> ResponseReturnValue:
    def again(sentence: Text, errors: dict[str, Text]) -> ResponseReturnValue:
        if walk is None:
            return _begin(offer, state, sentence)
        return walk.ask(walk.page_with(errors), errors, sentence) if errors else walk.review(sentence)

    on_failure(again)
    return render_template("citizen/receipt.html", started=send(state), phone=walk.phone() if walk else "")


def _choose_county(offer: Startable) -> ResponseReturnValue:
    known = {code for code, _name in _counties()}
    county = request.form.get("county", "")
    state = State(offer.process, county=county if county in known else "")
    if not state.county:
        return _begin(offer, state, CHOOSE_COUNTY), 422
    return _township(offer, state)


def _choose_township(offer: Startable, state: State) -> ResponseReturnValue:
    township = request.form.get("township", "")
    if township not in {code for code, _name in runtime().regions.children(state.county)}:
        return _township(offer, state, CHOOSE_TOWNSHIP), 422
    state = replace(state, region=township)
    if offer.form is None:
        return _send(offer, state)
    walk = Walk(_offer(offer.process, township), offer.form, state)
    return walk.ask(walk.pages()[0], {})


def _begin(offer: Startable, state: State, sentence: Text | None = None) -> str:
    return render_template(
        "citizen/begin.html",
        process=offer.process,
        name=offer.name,
        offer=offer.offer,
        counties=_counties(),
        county=state.county,
        sentence=sentence,
    )


def _township(offer: Startable, state: State, sentence: Text | None = None) -> str:
    regions = runtime().regions
    return render_template(
        "citizen/township.html",
        process=offer.process,
        name=offer.name,
        county_name=regions.name(state.county),
        townships=regions.children(state.county),
        township=state.region,
        sentence=sentence,
        state=seal(runtime().keyring, state),
    )


def _progress_form(number: str, phone: str, sentence: Text | None) -> str:
    return render_template("citizen/progress_form.html", number=number, phone=phone, sentence=sentence)


def _counties() -> list[tuple[str, str]]:
    return list(runtime().regions.children(runtime().settings.city))


def _offer(process: str, region: str = "") -> Startable:
    return start_form(runtime(), tx(), nobody(), process, region)
