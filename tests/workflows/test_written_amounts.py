"""Amounts are written in one way wherever people read them, 1,790.00元, and texts of forms exist in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BPMN = Path(__file__).parents[2] / "bpmn"

# An amount as it is computed, before its unit: {{amount}} 元, string(amount) + " 元".
BARE = re.compile(r"(?<!\))\}\} ?(?:元|CNY|yuan)|string\([^()]*\)+ \+ \\?\" ?(?:元|CNY|yuan)")
SLOT = re.compile(r"\{\{ *(\w+) *\}\}")


def components(of: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Return every component of a form, also inside groups."""
    for one in of:
        yield one
        yield from components(one.get("components", []))


def forms() -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every component of every form, and where it stands."""
    for path in sorted(BPMN.glob("*/*.form")):
        for one in components(json.loads(path.read_text("utf-8"))["components"]):
            yield f"{path.parent.name}/{path.name}", one


def shown() -> Iterator[tuple[str, str, str]]:
    """Return what people read: where it stands, Chinese, English; a notice is Chinese only."""
    for where, one in forms():
        if one["type"] in ("text", "html"):
            yield where, one.get("text") or one.get("content", ""), one.get("properties", {}).get("text_en", "")
    for path in sorted(BPMN.glob("*/documents/*.md")):
        yield f"{path.parent.name}/{path.name}", path.read_text("utf-8"), "-"


def money_fields() -> frozenset[str]:
    """Return the answers that forms ask for as money."""
    return frozenset(
        one["key"] for _where, one in forms() if "money" in str(one.get("properties", {}).get("validate", "")).split()
    )


def test_no_text_or_notice_prints_a_bare_amount() -> None:
    money = money_fields()
    assert "amount" in money
    bare = [(where, found[0]) for where, zh, en in shown() for found in BARE.finditer(f"{zh} {en}")]
    bare += [(where, name) for where, zh, en in shown() for name in SLOT.findall(f"{zh} {en}") if name in money]
    assert bare == []


def test_the_test_finds_a_bare_amount() -> None:
    assert BARE.search("每月 {{amount}} 元")
    assert BARE.search('"每月 " + string(amount) + " 元"')
    assert not BARE.search("{{amount | money}}")
    assert not BARE.search("{{money(amount)}}元")


def test_every_text_of_a_form_is_translated() -> None:
    assert [where for where, _zh, en in shown() if not en] == []
