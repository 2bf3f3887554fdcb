"""A filling -> semantic HTML: labels, hints, errors tied to their inputs; works without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment as Templates
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup

from engine.errors import Text
from engine.forms.content import escape_html, escape_markdown, is_local_image, markdown, sanitised
from engine.forms.fields import Component, Display, Field, Group, RowList
from engine.forms.filling import ROW_MARK, Row
from engine.forms.view import View, dashed, field_id, field_view, row_list_view, table_view, wrapper_id
from engine.forms.words import WORDS

_ROW = re.compile(r"\[\d+\]")
FileLink = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a form is drawn: see ``Form.render``."""

    errors: Mapping[str, Text]
    language: str
    reveal: bool = False
    page: str | None = None
    parts: Collection[str] | None = None
    file_link: FileLink | None = None
    locked: bool = False

    def error(self, path: str) -> str:
        """Return the sentence for a field path, empty without one."""
        found = self.errors.get(path)
        return found.in_language(self.language) if found else ""


def draw(row: Row, drawing: Drawing) -> Markup:
    """Return the HTML of the form, of one page, or of some parts for out-of-band swaps."""
    components = [item for item in row.part.components if drawing.page in (None, item.id)]
    if drawing.parts is None:
        return _safe("".join([_first_button(drawing), *(_component(row, item, drawing) for item in components)]))
    return _safe("".join(_parts(row, components, drawing, drawing.parts)))


def _first_button(drawing: Drawing) -> str:
    """Enter presses the first button of a form: it must be the real submission, never one that removes a row."""
    return "" if drawing.locked else _macro("frame", "default_button")()


def _parts(row: Row, components: Collection[Component], drawing: Drawing, wanted: Collection[str]) -> list[str]:
    found = []
    for component in components:
        if wrapper_id(row, component) in wanted:
            found.append(_component(row, component, drawing, swap=True))
        elif isinstance(component, Group):
            found += _parts(row, component.components, drawing, wanted)
        elif isinstance(component, RowList) and not row.hidden(component):
            for line in row.rows(component):
                found += _parts(line, component.part.components, drawing, wanted)
    return found


def _component(row: Row, component: Component, drawing: Drawing, swap: bool = False) -> str:
    if row.hidden(component):
        return _macro("frame", "hidden")(wrapper_id(row, component), swap)
    if isinstance(component, Field):
        error = drawing.error(row.path + ".".join(component.name))
        view = field_view(row, component, drawing.language, error, drawing.reveal)
        if component.expression is not None and not view.label:
            # A value that is computed for the process alone: without a name it would only puzzle.
            return _macro("frame", "hidden")(wrapper_id(row, component), swap)
        return _drawn(view, drawing, swap)
    if isinstance(component, Group):
        return _group(row, component, drawing, swap)
    if isinstance(component, RowList):
        return _row_list(row, component, drawing, swap)
    return _display(row, component, drawing, swap) if isinstance(component, Display) else ""


_PLACES = {
    "textfield": ("inputs", "line"), "textarea": ("inputs", "area"), "number": ("inputs", "number"),
    "datetime": ("inputs", "moment"), "checkbox": ("choices", "tick"), "radio": ("choices", "radio"),
    "checklist": ("choices", "ticks"), "taglist": ("choices", "ticks"), "select": ("choices", "select"),
    "filepicker": ("files", "picker"), "output": ("display", "output"), "table": ("display", "table"),
}  # fmt: skip


def _drawn(view: View, drawing: Drawing, swap: bool) -> str:
    view.swap = swap
    place = ("files", "list") if view.kind == "output" and view.files else _PLACES[view.kind]
    return _macro(*place)(view, _words(drawing.language))


def _group(row: Row, group: Group, drawing: Drawing, swap: bool) -> str:
    inside = _safe("".join(_component(row, item, drawing) for item in group.components))
    view = _plain_view(row, group, drawing, swap)
    return _macro("groups", "group")(view, inside, group.outline)


def _row_list(row: Row, row_list: RowList, drawing: Drawing, swap: bool) -> str:
    view = row_list_view(row, row_list, drawing.language, drawing.error(row.path + ".".join(row_list.name)))
    view.swap = swap
    for at, line in enumerate(row.rows(row_list)):
        html = "".join(_component(line, item, drawing) for item in row_list.part.components)
        view.rows.append((at, _mark(line, at), _safe(html)))
    return _macro("groups", "rows")(view, _words(drawing.language))


def _mark(line: Row, at: int) -> str:
    mark = line.raw.get(ROW_MARK, str(at))
    return mark if isinstance(mark, str) else ""


def _display(row: Row, display: Display, drawing: Drawing, swap: bool) -> str:
    words = _words(drawing.language)
    if display.type == "table":
        return _drawn(table_view(row, display, drawing.language), drawing, swap)
    view = _plain_view(row, display, drawing, swap)
    if display.type in ("text", "html"):
        return _macro("display", "content")(view, _safe(_content(row, display, drawing.language)))
    if display.type == "image":
        shown = display.content.wording(drawing.language) if display.content else None
        source = shown.fill(row, row.around.environment) if shown else ""
        return _macro("display", "image")(view, source if is_local_image(source) else "")
    if display.type == "documentPreview":
        found = row.evaluate(display.source) if display.source is not None else None
        items = [item for item in (found if isinstance(found, list) else []) if isinstance(item, Mapping)]
        link = drawing.file_link
        view.rows = [(str(item.get("name", "")), link(item) if link else "") for item in items]
        return _macro("display", "documents")(view, words)
    return _macro("display", display.type)(view)


def _content(row: Row, display: Display, language: str) -> str:
    if display.content is None:
        return ""
    wording = display.content.wording(language)
    make = markdown if display.type == "text" else sanitised
    if wording.static is not None:
        return _fixed_content(make, wording.static)
    escape = escape_markdown if display.type == "text" else escape_html
    return make(wording.fill(row, row.around.environment, escape))


@cache
def _fixed_content(make: Callable[[str], str], source: str) -> str:
    return make(source)


def _plain_view(row: Row, component: Component, drawing: Drawing, swap: bool) -> View:
    environment = row.around.environment
    return View(
        kind=component.type, wrapper=wrapper_id(row, component), id=f"g-{dashed(row.path)}{component.id}",
        label=row.label(component).in_language(drawing.language),
        hint=component.hint.text(row, environment).in_language(drawing.language),
        columns=component.columns, swap=swap,
    )  # fmt: skip


def error_summary(errors: Mapping[str, Text], language: str, order: Mapping[str, int]) -> Markup:
    """Return the HTML of the list of errors in the order of the form, each a link to its input."""
    if not errors:
        return Markup()
    paths = sorted(errors, key=lambda path: (order.get(_ROW.sub("[]", path), len(order)), path))
    lines = [(field_id(path), errors[path].in_language(language)) for path in paths]
    return _safe(_macro("summary", "summary")(lines, _words(language)))


def _safe(html: str) -> Markup:
    return Markup(html)  # noqa: S704  # made by our own escaping templates, or sanitised


@cache
def _templates() -> Templates:
    folder = Path(__file__).parent / "templates"
    return Templates(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip


def compile_templates() -> None:
    """Compile what forms are drawn with, so that no page waits for it."""
    for name in _templates().list_templates():
        _templates().get_template(name)


@cache
def _macro(file: str, name: str) -> Callable[..., str]:
    found: Callable[..., str] = getattr(_templates().get_template(f"{file}.html").module, name)
    return found


@cache
def _words(language: str) -> Mapping[str, str]:
    return {key: text.in_language(language) for key, text in WORDS.items()}
