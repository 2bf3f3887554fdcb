"""Starting a case for a citizen who came, called or cannot use a phone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from engine.commands.start_case import start_case
from engine.errors import Text
from engine.queries.startable import Startable, start_form
from engine.queries.startable import startable as offered
from web import forms
from web.context import actor, on_failure, runtime, tx
from web.filters import places_by_county
from web.language import language
from web.staff.blueprint import staff

CHANNEL = "window"
# Of each county its name, and the codes and names of the places within.
Places: TypeAlias = Sequence[tuple[str, Sequence[tuple[str, str]]]]


@dataclass
class Filling:
    """One start form being filled in."""

    region: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, Text] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))

    @property
    def owner(self) -> str:
        """Return the owner under which the files of this form are kept."""
        return f"start:{self.token}"


@staff.get("/start")
def startable() -> ResponseReturnValue:
    """Return the processes that the person may start."""
    return render_template("staff/startable.html", startable=offered(runtime(), tx(), actor()))


@staff.get("/start/<process>")
def start_page(process: str) -> ResponseReturnValue:
    """Return the start form of a process."""
    places = places_by_county("start_case")
    filling = Filling(region=_only(places))
    return _page(start_form(runtime(), tx(), actor(), process, filling.region), filling, places)


@staff.post("/start/<process>")
def start(process: str) -> ResponseReturnValue:
    """Start the case and return its number; or the form again, with everything that was typed."""
    filling = _posted_filling()
    offer = start_form(runtime(), tx(), actor(), process, filling.region)
    posted = forms.read_post(offer.form)

    def again(sentence: Text, errors: dict[str, Text]) -> ResponseReturnValue:
        forms.keep_files(offer.form, posted, filling.owner)
        filling.values, filling.errors = posted.raw, errors
        # What the form offers is read anew: the transaction in which it was read before is gone.
        anew = start_form(runtime(), tx(), actor(), process, filling.region)
        return _page(anew, filling, places_by_county("start_case"), sentence)

    on_failure(again)
    forms.keep_files(offer.form, posted, filling.owner)
    filling.values, filling.errors = posted.raw, posted.errors
    if posted.errors or posted.rows_changed or request.form.get("do") != "start":
        return _page(offer, filling, places_by_county("start_case")), 422 if posted.errors else 200
    started = start_case(
        runtime(), tx(), actor(),
        process=process, region=filling.region, values=posted.raw, channel=CHANNEL,
        owner=filling.owner, idempotency_key=filling.token,
    )  # fmt: skip
    return render_template("staff/started.html", started=started)


@staff.post("/start/<process>/fields")
def start_fields(process: str) -> ResponseReturnValue:
    """Return the fields that depend on the changed one."""
    filling = _posted_filling()
    offer = start_form(runtime(), tx(), actor(), process, filling.region)
    if offer.form is None:
        abort(404)
    filling.values = forms.read_post(offer.form).raw
    return _fields(offer, filling)


def _posted_filling() -> Filling:
    token = request.form.get("upload_token", "")
    return Filling(region=request.form.get("start_region", ""), token=token) if len(token) >= 16 else Filling()


def _page(offer: Startable, filling: Filling, places: Places, sentence: Text | None = None) -> str:
    return render_template(
        "staff/start.html",
        process=offer.process,
        name=offer.name,
        places=places,
        region=filling.region,
        draws_anew=bool(offer.sources),
        upload_token=filling.token,
        encoding=forms.encoding(offer.form),
        fields=_fields(offer, filling),
        errors=offer.form.error_summary(filling.errors, language()) if offer.form else "",
        sentence=sentence,
    )


def _only(places: Places) -> str:
    """Return the one place there is, or the township when the others are its villages."""
    codes = [code for _, inside in places for code, _ in inside]
    return codes[0] if codes and all(code.startswith(codes[0]) for code in codes) else ""


def _fields(offer: Startable, filling: Filling) -> str:
    if offer.form is None:
        return ""
    around = forms.Around(
        environment=offer.environment, sources=offer.sources, uploads=forms.uploads_of(offer.form, filling.owner)
    )
    return forms.draw(offer.form, filling.values, filling.errors, around)
