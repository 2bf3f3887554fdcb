"""The JSON of a component that only shows something -> a compiled Display."""

from __future__ import annotations

from typing import Any

from engine.forms.content import is_local_image
from engine.forms.fields import Display
from engine.forms.node import Node
from engine.forms.wording import Caption, caption

DISPLAYS = frozenset({"text", "html", "image", "table", "documentPreview", "spacer", "separator"})


def compile_display(node: Node, type_: str, **shared: Any) -> Display:
    """Return the display; what cannot be shown is in the node's report."""
    if type_ == "text":
        return Display(**shared, content=node.caption(node.raw.get("text"), "text_en", "文字 text"))
    if type_ == "html":
        return Display(**shared, content=node.caption(node.raw.get("content"), "content_en", "内容 content"))
    if type_ == "image":
        return Display(**{**shared, "label": node.caption(node.raw.get("alt"), "alt_en", "替代文字 alt")},
                       content=_image(node))  # fmt: skip
    if type_ == "table":
        source = node.expression(_as_expression(node.raw.get("dataSource")), "数据 dataSource")
        return Display(**shared, source=source, columns_shown=_columns(node))
    if type_ == "documentPreview":
        title = node.caption(node.raw.get("title") or node.raw.get("label"), "label_en", "标题 title")
        source = node.expression(_as_expression(node.raw.get("dataSource")), "数据 dataSource")
        return Display(**{**shared, "label": title}, source=source)
    return Display(**shared, height=node.whole(node.raw.get("height"), 40, 0, 400, "height"))


def _as_expression(found: object) -> object:
    return found if not isinstance(found, str) or found.startswith("=") or not found else f"={found}"


def _image(node: Node) -> Caption:
    source = node.wording(node.raw.get("source"), "图片 source")
    if not node.text("alt"):
        node.refuse(
            "form-image",
            "图片应有替代文字 alt，请填写",
            "Expected a text in alt for people who cannot see the image but there is none, so write one",
        )
    if source.static is not None and not is_local_image(source.static):
        node.refuse(
            "form-image",
            "图片应随表单保存(data:)或在本站，不能来自其他网站，请改正",
            "Expected an image inside the form (data:) or of this server but it is elsewhere, so embed it",
        )
    return caption(source, source)


def _columns(node: Node) -> tuple[tuple[str, str], ...]:
    found = node.raw.get("columns")
    columns = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
    shown = tuple((str(item.get("key", "")), str(item.get("label", ""))) for item in columns)
    if not shown or not all(key and label for key, label in shown):
        node.refuse(
            "form-table",
            "表格应列出每一列的 key 和标题（columns），请填写",
            "Expected columns with a key and a label each but found none, so list them",
        )
    return shown
