"""The form in which people choose what is done next in an ad-hoc sub-process: made from the drawing, not drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec

from engine.diagram.tree import Diagram, Node
from engine.forms import Form, compile_form
from engine.spiff import ACTIVATE, FINISHED, choice_form, startable


def choice_forms(diagram: Diagram) -> Iterator[tuple[Form, bytes]]:
    """Yield a form, with its form-js schema, for every ad-hoc sub-process in which people choose."""
    for node in diagram.executable.nodes():
        if node.ad_hoc is not None and node.ad_hoc.active is None:
            schema = msgspec.json.encode(_schema(node))
            yield replace(compile_form(schema, file=diagram.file), id=choice_form(node.id)), schema


def _schema(node: Node) -> dict[str, Any]:
    assert node.ad_hoc is not None
    ends_by_choice = node.ad_hoc.completion is None
    components = [_activities(node, ends_by_choice=ends_by_choice), *([_FINISHED] if ends_by_choice else [])]
    return {"id": "choice", "type": "default", "components": components}


def _activities(node: Node, *, ends_by_choice: bool) -> dict[str, Any]:
    assert node.scope is not None
    assert node.ad_hoc is not None
    nodes = node.scope.nodes
    return {
        "id": "choice_activate",
        "key": ACTIVATE,
        "type": "radio" if node.ad_hoc.ordering == "sequential" else "checklist",
        "label": "接下来办理",
        "properties": {"label_en": "To be done next"},
        "values": [{"value": name, "label": nodes[name].name or name} for name in startable(node.scope)],
        "validate": {"required": f"={FINISHED} != true" if ends_by_choice else True},
    }


_FINISHED = {
    "id": "choice_finished",
    "key": FINISHED,
    "type": "checkbox",
    "label": "不再办理其他事项,结束此环节",
    "properties": {"label_en": "Nothing else is to be done: finish this part"},
}
