"""The page of the expression language: every function, and trying an expression."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest

from engine.feel.builtins.table import FUNCTIONS


def test_every_function_is_told_with_an_example_and_its_result(signed_in: Callable[[str], object]) -> None:
    page = unescape(signed_in("designer").get("/design/feel").get_data(as_text=True))
    for entry in FUNCTIONS:
        assert entry.signature in page
        assert entry.about.zh in page
    assert 'date("2026-01-31") + duration("P1M")</code><br>→ <code>@"2026-02-28"' in page
    assert "/design/feel" in signed_in("designer").get("/design/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("expression", "context", "answer"),
    [
        ("19.99*100 = 1999", "", "true"),
        ('=家庭 人口 >= 3 and 户籍.类型 = "农村"', '{"家庭 人口": 3, "户籍": {"类型": "农村"}}', "true"),
        ("price * 3", '{"price": 0.1}', "0.3"),
        ("{a:\r\n1}", "", '{"a": 1}'),
        ("workdays after(today(), 1) > today()", "", "true"),
        ('"<b>" + missing', "", "null"),
    ],
)
def test_an_expression_is_tried(signed_in: Callable[[str], object], expression: str, context: str, answer: str) -> None:
    page = signed_in("designer").post("/design/feel", expression=expression, context=context)
    text = unescape(page.get_data(as_text=True))
    assert page.status_code == 200
    assert f'<pre>{answer}</pre>' in text
    assert "<b>" not in page.get_data(as_text=True)


def test_what_is_wrong_is_pointed_out(signed_in: Callable[[str], object]) -> None:
    page = unescape(signed_in("designer").post("/design/feel", expression="1 + (x", context="").get_data(as_text=True))
    assert "表达式却结束了" in page
    assert "1 + (x<mark> </mark>" in page
    page = unescape(signed_in("designer").post("/design/feel", expression="1 + x", context="").get_data(as_text=True))
    assert "1 + <mark>x</mark>" in page


def test_variables_that_are_no_object_are_refused_and_what_was_typed_stays(signed_in: Callable[[str], object]) -> None:
    page = signed_in("designer").post("/design/feel", expression="1 + 1", context="[1")
    assert page.status_code == 422
    text = unescape(page.get_data(as_text=True))
    assert "上下文应是一个 JSON 对象" in text
    assert ">[1</textarea>" in text
    assert ">1 + 1</textarea>" in text
