"""Which keys and ids a form may use."""

from __future__ import annotations

import re

from engine.forms.node import Node

KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,99}")
MAX_KEY = 60
RESERVED = frozenset({
    "null", "true", "false", "function", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies",
    "between", "and", "or", "not", "instance", "of", "external", "item", "partial", "policy", "case", "this", "parent",
    "i",
})  # fmt: skip


def key_fits(node: Node, key: str) -> bool:
    """Return whether the key is a snake_case name that FEEL does not use itself; reports it when not."""
    if key in RESERVED:
        node.refuse(
            "form-key",
            f"“{key}”是 FEEL 的保留字，不能作字段 key，请改名",
            f"Expected a free name but “{key}” is a word of FEEL, so rename the key",
        )
        return False
    if not KEY.fullmatch(key) or len(key) > MAX_KEY:
        node.refuse(
            "form-key",
            f"字段 key“{key[:MAX_KEY]}”应为小写字母、数字和下划线，请改名（中文写在标签里）",
            f"Expected a snake_case key but found “{key[:MAX_KEY]}”, so rename it (Chinese goes in the label)",
        )
        return False
    return True


def path_of(node: Node) -> tuple[str, ...]:
    """Return the steps of a group's ``path``, none when absent or refused."""
    path = node.text("path")
    steps = tuple(path.split(".")) if path else ()
    return steps if all(key_fits(node, step) for step in steps) else ()


def refuse_type(node: Node, type_: object) -> None:
    """Return nothing; report a component type the product does not draw."""
    advice = {"iframe": ("请改用文字或链接", "use a text or a link instead"),
              "button": ("页面自带提交按钮，请删除", "delete it, the page has its own submit button")}  # fmt: skip
    zh, en = advice.get(str(type_), ("请改用支持的组件", "use a supported component instead"))
    node.refuse(
        "form-type", f"不支持“{type_}”组件，{zh}", f"Expected a supported component but found “{type_}”, so {en}"
    )
