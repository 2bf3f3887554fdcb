"""Forms as they were deployed; a form's key is its version's key followed by its place among the version's forms."""

from __future__ import annotations

from engine.errors import NotFound, Text
from engine.queries.search.definitions import find_definition
from web.api.artifacts import key_of, parts_of
from web.api.operation import Operation
from web.api.shapes import TENANT, Answer
from web.context import actor, runtime, tx


class FormResult(Answer):
    """A form; its schema is the JSON that was drawn."""

    form_id: str
    form_key: str
    schema: str
    version: int
    tenant_id: str = TENANT


def get_form_by_key(form_key: int) -> FormResult:
    """Return a form by its key."""
    definition, place = parts_of(form_key)
    line = find_definition(runtime(), tx(), actor(), definition)
    ids = sorted(runtime().definition(tx(), line.key).forms)
    if place >= len(ids):
        raise _no_form()
    return rendered_form(line.key, ids[place])


def rendered_form(definition: int, form: str) -> FormResult:
    """Return a form of a version. Raises NotFound when the version has none of this id."""
    loaded = runtime().definition(tx(), definition)
    schema = loaded.form_files.get(form)
    if schema is None:
        raise _no_form()
    return FormResult(
        form_id=form,
        form_key=form_key_of(definition, form),
        schema=schema.decode("utf-8-sig"),
        version=loaded.row.version,
    )


def form_key_of(definition: int, form: str) -> str:
    """Return the key of a form of a version."""
    return key_of(definition, sorted(runtime().definition(tx(), definition).forms).index(form))


def _no_form() -> NotFound:
    return NotFound(Text("没有找到这个表单。", "Expected a form of a deployed version, but there is none here."))


OPERATIONS = (Operation("GET", "/forms/{formKey}", get_form_by_key, "see_definition", answer=FormResult),)
