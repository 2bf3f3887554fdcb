"""A form-js schema -> a compiled Form, or findings that say what cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from engine.errors import Text
from engine.feel import Compiled
from engine.forms.display import DISPLAYS, compile_display
from engine.forms.draft import PartDraft
from engine.forms.field import FIELD_TYPES, compile_field, own_condition
from engine.forms.fields import MAX_ROWS, Component, Field, Group, RowList
from engine.forms.findings import Report
from engine.forms.form import Form
from engine.forms.keys import ID, key_fits, path_of, refuse_type
from engine.forms.node import Node
from engine.forms.schema import read_schema

MAX_COMPONENTS = 500
SPECIAL = frozenset({"this", "parent", "i", "item", "partial"})
_Component = TypeVar("_Component", bound=Component)
_Leaf = TypeVar("_Leaf", Field, RowList)


def compile_form(
    schema: bytes, *, regions: Callable[[str], bool] | None = None, names: Iterable[str] = (), file: str = ""
) -> Form:
    """Return the form; ``regions`` says whether a region code exists, ``names`` are case variables its FEEL may read.

    Raises FormError with every finding.
    """
    raw, report = read_schema(schema, file)
    id_ = raw.get("id")
    if not isinstance(id_, str) or not ID.fullmatch(id_):
        report.add(
            "form-id",
            None,
            Text(
                "表单应有 id（字母、数字、下划线），请填写",
                "Expected a form id of letters, digits and underscores, so write one",
            ),
        )
    compiler = _Compiler(report, {**{name: Text(name, name) for name in names}, **_labels(raw)})
    draft = PartDraft()
    part = draft.finish(compiler.components(raw, (), draft))
    report.raise_errors()
    return Form(str(id_), part, compiler.outer_reads(), tuple(compiler.expressions), regions)


def _labels(raw: Mapping[str, Any]) -> dict[str, Text]:
    """Return the label of every key in the file, so that expressions and sentences can name fields further down."""
    found = {}
    for component in _walk(raw):
        label, key = _label(component), component.get("key") or component.get("path")
        properties = component.get("properties")
        en = properties.get("label_en") if isinstance(properties, Mapping) else None
        for step in key.split(".") if isinstance(key, str) else ():
            zh = label or step
            found[step] = Text(zh, en if isinstance(en, str) else zh)
    return found


def _walk(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    inside = raw.get("components")
    for component in inside if isinstance(inside, list) else ():
        if isinstance(component, Mapping):
            yield component
            yield from _walk(component)


class _Compiler:
    """Compiles the components of one file; remembers ids and what is read where."""

    def __init__(self, report: Report, names: Mapping[str, Text]) -> None:
        self.report = report
        self.names = names
        self.ids: set[str] = set()
        self.read: list[tuple[PartDraft, frozenset[str]]] = []
        self.expressions: list[tuple[str, Compiled]] = []

    def components(self, raw: Mapping[str, Any], path: tuple[str, ...], draft: PartDraft) -> tuple[Component, ...]:
        """Return the compiled components of one container, without the refused ones."""
        inside = raw.get("components")
        raws = [item for item in inside if isinstance(item, Mapping)] if isinstance(inside, list) else []
        found = [self._component(item, path, draft) for item in raws]
        return tuple(component for component in found if component is not None)

    def outer_reads(self) -> frozenset[str]:
        """Return the names read that no part of the form around the reader has."""
        outside = {name for draft, names in self.read for name in names if not (draft.knows(name) or draft.holds(name))}
        return frozenset(outside - SPECIAL)

    def _component(self, raw: Mapping[str, Any], path: tuple[str, ...], draft: PartDraft) -> Component | None:
        type_ = raw.get("type")
        node = Node(raw, self._id(raw), self.report, self.names)
        if len(self.ids) > MAX_COMPONENTS:
            node.refuse(
                "form-size",
                f"表单最多 {MAX_COMPONENTS} 个组件，请拆成几个表单",
                f"Expected at most {MAX_COMPONENTS} components but there are more, so split the form",
            )
            return None
        if type_ in FIELD_TYPES:
            return self._field(node, str(type_), path, draft)
        if type_ == "group":
            return self._group(node, path, draft)
        if type_ == "dynamiclist":
            return self._row_list(node, path, draft)
        if type_ in DISPLAYS:
            return self._done(node, compile_display(node, str(type_), **_shared(node, str(type_))), draft)
        refuse_type(node, type_)
        return None

    def _field(self, node: Node, type_: str, path: tuple[str, ...], draft: PartDraft) -> Field | None:
        key = node.text("key")
        if not key_fits(node, key):
            return None
        field = self._done(node, compile_field(node, type_, key, (*path, key), _shared(node, type_)), draft)
        return _placed(node, field, draft)

    def _group(self, node: Node, path: tuple[str, ...], draft: PartDraft) -> Group:
        inside = self.components(node.raw, (*path, *path_of(node)), draft)
        outline = node.raw.get("showOutline") is True
        return self._done(node, Group(**_shared(node, "group"), components=inside, outline=outline), draft)

    def _row_list(self, node: Node, path: tuple[str, ...], draft: PartDraft) -> RowList | None:
        steps = path_of(node)
        if not steps:
            node.refuse(
                "form-key",
                "重复组应有 path（小写字母、数字、下划线），请填写",
                "Expected a path for the repeated group but there is none, so write one",
            )
            return None
        inner = PartDraft(outer=draft)
        draft.inner.append(inner)
        part = inner.finish(self.components(node.raw, (), inner))
        most = node.whole(node.fact("max_rows"), 50, 1, MAX_ROWS, "max_rows")
        row_list = RowList(
            **_shared(node, "dynamiclist"),
            name=(*path, *steps),
            part=part,
            adjustable=node.raw.get("allowAddRemove", True) is not False,
            default_rows=node.whole(node.raw.get("defaultRepetitions"), 1, 0, most, "defaultRepetitions"),
            min_rows=node.whole(node.fact("min_rows"), 0, 0, most, "min_rows"),
            max_rows=most,
            checks=tuple(own_condition(node)),
        )
        node.settle_checks()
        node.reads |= {name for component in inner.everything for name in component.reads if name not in inner.names}
        return _placed(node, self._done(node, row_list, draft), draft)

    def _done(self, node: Node, component: _Component, draft: PartDraft) -> _Component:
        self.read.append((draft, frozenset(node.reads | node.checked)))
        self.expressions += [(node.id, compiled) for compiled in node.compiled]
        component = replace(component, reads=frozenset(node.reads))
        draft.add(component)
        return component

    def _id(self, raw: Mapping[str, Any]) -> str:
        wish = raw.get("id")
        id_ = wish if isinstance(wish, str) and ID.fullmatch(wish) else f"component_{len(self.ids) + 1}"
        if id_ in self.ids:
            self.report.add(
                "form-id",
                id_,
                Text(f"组件 id“{id_}”重复，请改正", f"Expected each id once but “{id_}” occurs again, so change it"),
            )
        self.ids.add(id_)
        return id_


def _label(raw: Mapping[str, Any]) -> str:
    """Return a component's label; date and time fields keep theirs under another name."""
    found = raw.get("label") or raw.get("dateLabel") or raw.get("timeLabel")
    return found if isinstance(found, str) else ""


def _shared(node: Node, type_: str) -> dict[str, Any]:
    hide = node.inside("conditional").get("hide")
    layout = node.inside("layout").get("columns")
    return {
        "id": node.id,
        "type": type_,
        "label": node.caption(_label(node.raw), "label_en", "标签 label"),
        "hint": node.caption(node.raw.get("description"), "description_en", "说明 description"),
        "hide": node.expression(hide, "隐藏条件 hide"),
        "columns": node.whole(layout, 16, 1, 16, "columns") if layout is not None else None,
    }


def _placed(node: Node, leaf: _Leaf, draft: PartDraft) -> _Leaf | None:
    if draft.place(leaf):
        return leaf
    key = ".".join(leaf.name)
    node.refuse(
        "form-key",
        f"字段 key“{key}”重复，请改用另一个 key",
        f"Expected each key once but “{key}” occurs again, so choose another",
    )
    return None
