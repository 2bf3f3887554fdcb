"""A form on a page: reading what was posted, taking its files, drawing its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for

from engine.commands.attach_file import attach_file
from engine.commands.forms import takes_files
from engine.errors import Invalid, Text
from engine.feel import Environment
from engine.forms import Form, Source
from engine.store import files
from web.context import actor, runtime, tx
from web.language import language


@dataclass(frozen=True)
class Upload:
    """One file of this request; its bytes are read before any transaction begins."""

    name: str
    file_name: str
    data: bytes


@dataclass
class Posted:
    """What a form's post holds: the typed answers, its files, and the row button that was pressed, if any."""

    raw: dict[str, Any]
    uploads: tuple[Upload, ...]
    rows_changed: bool = False
    errors: dict[str, Text] = field(default_factory=dict)


def read_post(form: Form | None) -> Posted:
    """Return what was posted; names the form does not have are dropped."""
    if form is None:
        return Posted({}, ())
    post = request.form.to_dict(flat=False)
    raw = form.parse(post)
    changed = form.row_change(post, raw)
    return Posted(raw if changed is None else changed, _uploads(form), changed is not None)


def _uploads(form: Form) -> tuple[Upload, ...]:
    return tuple(
        Upload(name, sent.filename, sent.read())
        for name, sent in request.files.items(multi=True)
        if sent.filename and form.file_field(name) is not None
    )


def keep_files(form: Form | None, posted: Posted, owner: str) -> None:
    """Attach the files of the post to the form they were chosen for; a refused one becomes an error of its field."""
    if form is None:
        return
    for upload in posted.uploads:
        try:
            stored = attach_file(
                runtime(), tx(), actor(), owner=owner, field=upload.name, name=upload.file_name, data=upload.data
            )
        except Invalid as refused:
            posted.errors[upload.name] = refused.message
            continue
        posted.raw = form.attach(posted.raw, upload.name, stored.key)


def encoding(form: Form | None) -> str:
    """Return how a browser should send the form: without files the plain encoding, which costs a third to read."""
    return "multipart/form-data" if form is not None and takes_files(form) else "application/x-www-form-urlencoded"


def uploads_of(form: Form, owner: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the files that were uploaded for this filling of the form."""
    return files.of_owner(tx(), runtime().keyring, owner) if takes_files(form) else {}


@dataclass(frozen=True, kw_only=True)
class Around:
    """What stands around a form when it is drawn; see ``Form.render``."""

    environment: Environment
    sources: Mapping[str, Source]
    uploads: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    view: Mapping[str, object] = field(default_factory=dict)


def draw(
    form: Form,
    values: Mapping[str, Any],
    errors: Mapping[str, Text],
    around: Around,
    *,
    page: str | None = None,
    locked: bool = False,
    reveal: bool = False,
) -> str:
    """Return the HTML of the form's fields; for a partial update only the parts the request asks for."""
    parts = request.form.get("_parts", "").split()
    return form.render(
        values,
        errors,
        around.view,
        around.environment,
        language(),
        today=tx().now.date(),
        sources=around.sources,
        files=around.uploads,
        page=page,
        parts=parts or None,
        locked=locked,
        reveal=reveal,
        file_link=lambda item: url_for("staff.file", key=item["file"]),
    )
