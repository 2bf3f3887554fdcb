"""The page of elements, made from the rows and the matrix: ``python -m tests.engine.elements.handbook`` writes it.

It becomes ``docs/elements.md``, the pictures in ``web/static/elements``, and what the design pages show.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.model import Finding
from tests.engine.elements.activities import activities, gateways
from tests.engine.elements.events import events
from tests.engine.elements.further import FURTHER
from tests.engine.elements.honoured import honoured
from tests.engine.elements.outcomes import every_cell, refusals
from tests.engine.elements.picture import picture
from tests.engine.elements.row import Row

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/elements.md"
PICTURES = ROOT / "web/static/elements"
SHOWN = ROOT / "web/designer/elements.json"
ROW_TEST = "tests/engine/elements/test_rows.py::test_an_element_does_what_its_row_says"
MATRIX_TEST = (
    "tests/engine/elements/test_matrix.py::test_every_refusal_names_the_element_and_says_in_both_languages_what_to_do"
)

GROUPS = (
    ("activities", "活动", "Activities", activities),
    ("gateways", "网关与顺序流", "Gateways and flows", gateways),
    ("events", "事件", "Events", events),
)
VERBS = {
    "complete": ("办结", "completed"), "fire": ("到期", "time has come for"), "send": ("消息到达", "message for"),
    "hear": ("信号到达", "signal for"), "answer": ("服务答复", "answered:"), "fail": ("服务报错", "failed:"),
    "choose": ("选定", "chosen"),
}  # fmt: skip
DRAWN_ONLY = (
    (
        "泳池与消息流(对方为空白泳池)、泳道、会话",
        "Pools and message flows (the other party as a black box), lanes, conversations",
    ),
    ("数据对象、数据存储、数据关联", "Data objects, data stores, data associations"),
    ("文本注释、组、关联线、说明文字", "Text annotations, groups, associations, documentation"),
    ("文件中声明的接口、资源、数据结构", "Interfaces, resources and item definitions declared in the file"),
)


def elements() -> list[dict[str, Any]]:
    """Return every row as the pages show it, in groups."""
    return [{"id": slug, "zh": zh, "en": en, "rows": [_entry(row) for row in rows()]} for slug, zh, en, rows in GROUPS]


def _entry(row: Row) -> dict[str, Any]:
    steps = [(_said(what, 0), _said(what, 1), where) for what, where in row.trace]
    return {
        "slug": row.slug, "zh": row.zh, "en": row.en, "does": {"zh": row.does_zh, "en": row.does_en},
        "honoured": list(honoured(*row.node())),
        "trace": [{"zh": zh, "en": en, "where": where} for zh, en, where in steps],
        "tests": [f"{ROW_TEST}[{row.slug}]", *(f"tests/engine/{test}" for test in FURTHER.get(row.slug, ()))],
    }  # fmt: skip


def _said(what: str, language: int) -> str:
    if not what:
        return ("开始", "start")[language]
    verb, *names = what.split()
    if verb == "choose" and not names:
        return ("选择结束", "finished")[language]
    return " ".join((VERBS[verb][language], *names))


def refused() -> list[dict[str, str]]:
    """Return each sentence of refusal once, with the first drawing of the matrix that meets it."""
    found: dict[str, dict[str, str]] = {}
    for name in every_cell():
        for finding in refusals(name):
            found.setdefault(_alike(finding), _refusal(name, finding))
    return list(found.values())


def _alike(finding: Finding) -> str:
    return finding.rule + re.sub(r"“[^”]*”(、“[^”]*”)*", "", re.sub(r"\([^()]*\)", "", finding.message.zh))


def _refusal(name: str, finding: Finding) -> dict[str, str]:
    return {"drawn": name, "rule": finding.rule, "zh": finding.message.zh, "en": finding.message.en}


def page(groups: list[dict[str, Any]], refusals_: list[dict[str, str]]) -> str:
    """Return ``docs/elements.md``."""
    return "\n".join(_lines(groups, refusals_)) + "\n"


def _lines(groups: list[dict[str, Any]], refusals_: list[dict[str, str]]) -> Iterator[str]:
    yield from (
        "# 流程图元素 · Diagram elements", "",
        "每个元素一张小图：图就是测试所运行的流程图，蓝色是所讲的元素；过程写明每一步之后停在哪里，`~` 表示在等事件或等汇合。",
        "没有列出的画法在发布前被拒绝，并说明该怎样画；没有任何元素会被悄悄跳过。网页**流程 → 流程图元素**显示同样的内容。", "",
        "Each element has a small picture of the very diagram its test runs; what is told about is blue. The trace says",
        "where the case stands after each step; `~` marks what waits for an event or at a join. Whatever is not listed",
        "here is refused before it goes live, with advice on what to draw instead; nothing is skipped in silence.", "",
        "这一页由 `python -m tests.engine.elements.handbook` 写成，",
        "`tests/engine/elements/test_handbook.py::test_the_page_and_its_pictures_are_those_of_the_rows` 使它始终属实。", "",
    )  # fmt: skip
    for group in groups:
        yield from (f"## {group['zh']} · {group['en']}", "")
        for row in group["rows"]:
            yield from _of_row(row)
    yield from ("## 只作图示 · Kept as drawing", "", "| | |", "|---|---|")
    yield from (f"| {zh} | {en} |" for zh, en in DRAWN_ONLY)
    yield from (
        "", "## 拒绝的画法 · What is refused", "",
        "每一句只列一次，连同矩阵中第一个遇到它的画法。完整的表：`tests/engine/elements/outcomes.txt`。测试："
        f"`{MATRIX_TEST}`。", "",
        "| 画法 Drawing | 规则 Rule | 说明与建议 Told |", "|---|---|---|",
    )  # fmt: skip
    yield from (
        f"| {_cell(one['drawn'])} | `{one['rule']}` | {_cell(one['zh'])}<br>{_cell(one['en'])} |" for one in refusals_
    )


def _of_row(row: Mapping[str, Any]) -> Iterator[str]:
    steps = " → ".join(f"{step['zh']}：`{step['where']}`" for step in row["trace"])
    yield from (
        f"### {row['zh']} · {row['en']}", "",
        f"![{row['en']}](../web/static/elements/{row['slug']}.svg)", "",
        f"{row['does']['zh']}  ", f"{row['does']['en']}", "",
        f"- 过程 Trace：{steps}",
    )  # fmt: skip
    if row["honoured"]:
        yield "- 属性 Read：" + "、".join(f"`{name}`" for name in row["honoured"])
    yield "- 测试 Test：" + " ".join(f"`{test}`" for test in row["tests"])
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def files() -> dict[Path, str]:
    """Return every file of the handbook with its content."""
    groups, refusals_ = elements(), refused()
    shown = {"groups": groups, "drawn_only": [{"zh": zh, "en": en} for zh, en in DRAWN_ONLY], "refused": refusals_}
    found = {PAGE: page(groups, refusals_), SHOWN: json.dumps(shown, ensure_ascii=False, indent=1) + "\n"}
    rows = [row for _, _, _, listed in GROUPS for row in listed()]
    return found | {PICTURES / f"{row.slug}.svg": picture(row.drawn(), row.focus, f"{row.zh} {row.en}") for row in rows}


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.svg"):
        old.unlink()
    for path, content in files().items():
        path.write_text(content, "utf-8")
