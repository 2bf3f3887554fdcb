from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.documents import DocumentError, compile_document
from engine.errors import ModelError

FULL = """---
id: relief_notice
title: 临时救助告知书
number: 临救告
basis: 《社会救助暂行办法》第四十七条
audience: applicant
remedies: true
---
# 临时救助告知书

**申请人:**{{ applicant_name }},经审核,决定给予救助金 {{ amount | money }}({{ amount | capital money }})。
"""


def test_the_head_says_what_the_notice_is():
    document = compile_document(FULL.encode(), "relief_notice.md")

    assert (document.id, document.title, document.number_prefix) == ("relief_notice", "临时救助告知书", "临救告")
    assert (document.basis, document.audience, document.remedies) == (
        "《社会救助暂行办法》第四十七条",
        "applicant",
        True,
    )
    assert document.reads == {"applicant_name", "amount"}


def test_a_notice_comes_from_the_authority_its_head_says(environment):
    def issuer(authority: str, **variables: object) -> str:
        head = f"---\nid: approval\ntitle: 审批告知书\nauthority: {authority}\n---\n"
        return compile_document(head.encode(), "approval.md").issuer("410702001", variables, environment)

    assert issuer("county") == "410702"
    assert issuer("city") == "4107"
    assert issuer("= decided_level", decided_level="township") == "410702001"
    with pytest.raises(ModelError, match="city, county, township"):
        issuer("= decided_level", decided_level="province")


def test_a_notice_whose_head_names_no_authority_comes_from_where_the_case_is(template, environment):
    assert template("正文").issuer("410702001", {}, environment) == "410702001"


def test_who_issues_a_notice_is_read_from_the_case_like_the_rest():
    head = "---\nid: approval\ntitle: 审批告知书\nauthority: = decided_level\n---\n"

    assert compile_document(head.encode(), "approval.md").reads == {"decided_level"}


def test_an_authority_that_is_no_level_is_refused_at_its_line():
    with pytest.raises(DocumentError) as refused:
        compile_document("---\nid: approval\ntitle: 审批\nauthority: 县\n---\n".encode(), "approval.md")

    [finding] = refused.value.findings
    assert finding.position.line == 4
    assert "县" in finding.message.zh
    assert "county" in finding.message.zh


def test_a_notice_is_markdown_with_values_in_place(environment):
    document = compile_document(FULL.encode(), "relief_notice.md")

    html = document.render({"applicant_name": "张三", "amount": Decimal(1500)}, environment)

    assert "<h1>临时救助告知书</h1>" in html
    assert "<strong>申请人:</strong>张三" in html
    assert "1,500.00元(人民币壹仟伍佰元整)" in html


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1500.50"), "1500.5"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 9, 24), "2026年9月24日"),
        (datetime(2026, 9, 24, 8, 5), "2026年9月24日 08:05"),
        (True, "是"),
        (None, "——"),
        ([Decimal(1), "二"], "1、二"),
        ("第一行\n第二行", "第一行<br>\n第二行"),
    ],
)
def test_values_are_written_as_people_write_them(html, value, written):
    assert html("值:{{ value }}。", value=value) == f"<p>值:{written}。</p>\n"


@pytest.mark.parametrize(
    ("body", "value", "written"),
    [
        ("{{ value | money }}", Decimal("1234567.895"), "1,234,567.90元"),
        ("{{ value | capital money }}", Decimal("10010005.05"), "人民币壹仟零壹万零伍元零伍分"),
        ("{{ value | capital money }}", Decimal("0"), "人民币零元整"),
        ("{{ value | date }}", datetime(2026, 9, 24, 20), "2026年9月24日"),
        ("{{ value | masked }}", "410721199001011234", "410721********1234"),
        ("{{ value | masked }}", "张三丰", "张**"),
        ("{{ if value then {a: {b: 1}}.a.b else 2 }}", True, "1"),
        ('{{ value + "|}}" }}', "x", "x|}}"),
    ],
)
def test_formats_and_expressions_in_place(html, body, value, written):
    assert html(body, value=value) == f"<p>{written}</p>\n"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "**bold** # title | a | b |",
        "{{ policy }} {{#if true}}",
        "[x](javascript:alert(1))",
        "\ue0000\ue001",
        '"><img src=x onerror=alert(1)>',
    ],
)
def test_a_value_is_text_and_never_markup_or_template(html, hostile):
    shown = html("前 {{ value }} 后", value=hostile)

    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        hostile = hostile.replace(char, entity)
    assert shown == f"<p>前 {hostile} 后</p>\n"


@settings(max_examples=100, deadline=None)
@given(value=st.text())
def test_no_value_adds_an_element(html, value):
    shown = html("- {{ value }}\n\n|a|\n|-|\n|{{ value }}|", value=value)

    empty = html("- {{ value }}\n\n|a|\n|-|\n|{{ value }}|", value="")
    assert shown.count("<") - 2 * value.count("\n") == empty.count("<")


def test_raw_html_and_pictures_of_the_template_stay_text(html):
    shown = html('<b onclick="x">粗</b> ![图](http://example.org/x.png) [链接](javascript:alert(1))')

    assert "<b" not in shown
    assert "<img" not in shown
    assert 'href="javascript' not in shown


def test_conditional_lines_stand_only_when_true(html):
    body = "{{#if amount > 1000}}\n大额\n{{else}}\n小额\n{{/if}}"

    assert html(body, amount=Decimal(1500)) == "<p>大额</p>\n"
    assert html(body, amount=Decimal(500)) == "<p>小额</p>\n"


def test_repeated_lines_make_one_list_and_one_table(html):
    body = "{{#each papers as paper}}\n- {{ paper.name }}\n{{/each}}"
    table = "| 月 | 金额 |\n|---|---|\n{{#each rows as row}}\n| {{ row.month }} | {{ row.sum | money }} |\n{{/each}}"

    listed = html(body, papers=[{"name": "身份证明"}, {"name": "原因证明"}])
    shown = html(table, rows=[{"month": "1|2", "sum": Decimal(100)}, {"month": "3", "sum": Decimal(200)}])

    assert listed == "<ul>\n<li>身份证明</li>\n<li>原因证明</li>\n</ul>\n"
    assert shown.count("<tr>") == 3
    assert "<td>1|2</td>\n<td>100.00元</td>" in shown


def test_the_name_of_an_item_hides_the_variable_of_that_name_and_is_not_read_from_the_case(template, environment):
    document = template("{{#each items as item}}\n- {{ item }} {{ other }}\n{{/each}}\n{{ item }}")

    shown = document.render({"items": ["a"], "item": "case", "other": "x"}, environment)

    assert "<li>a x" in shown
    assert "case" in shown
    assert template("{{#each items as item}}\n{{ item.a }}{{ policy.days }}\n{{/each}}").reads == {"items", "policy"}
    assert ("policy", "days") in template("{{ policy.days }}").paths


def test_a_missing_variable_stops_the_notice_and_names_the_line(template, environment):
    document = template("正文\n\n{{ amount }}")

    with pytest.raises(ModelError) as failed:
        document.render({}, environment)

    assert "《审批告知书》" in failed.value.message.zh
    assert "第 7 行“amount”" in failed.value.message.zh


@pytest.mark.parametrize(
    ("body", "variables"),
    [
        ("{{ value | money }}", {"value": "many"}),
        ("{{ value | capital money }}", {"value": Decimal(-1)}),
        ("{{ value }}", {"value": {"a": Decimal(1)}}),
        ("{{#if value}}\nx\n{{/if}}", {"value": "yes"}),
        ("{{#each value as x}}\nx\n{{/each}}", {"value": "yes"}),
        ("{{#each value as a}}\n{{#each value as b}}\nx\n{{/each}}\n{{/each}}", {"value": [Decimal(1)] * 300}),
        ("{{#each value as a}}\n{{ long }}\n{{/each}}", {"value": [Decimal(1)] * 101, "long": "x" * 10_000}),
    ],
)
def test_a_value_that_does_not_fit_stops_the_notice(template, environment, body, variables):
    with pytest.raises(ModelError) as failed:
        template(body).render(variables, environment)

    assert "无法生成" in failed.value.message.zh


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        ("{{ amount + }}", 5, None),
        ("x\n{{ }}", 6, 3),
        ("x {{ amount", 5, 3),
        ("{{ amount | gold }}", 5, 4),
        ("{{#if amount}}\nx", 5, None),
        ("{{#if}}\nx\n{{/if}}", 5, None),
        ("{{/if}}", 5, None),
        ("{{#if a}}\n{{/each}}\n{{/if}}", 6, None),
        ("{{#each a}}\n{{/each}}", 5, None),
        ("{{else}}", 5, None),
        ("[链接](http://example.org/{{ amount }})", 5, 28),
        ("{{#if a}}\n" * 12 + "{{/if}}\n" * 12, 15, None),
        ("\ue000", 1, None),
        ("{{ no_such_function(1) }}", 5, None),
    ],
)
def test_a_template_that_is_wrong_is_refused_with_its_line(template, body, line, column):
    with pytest.raises(DocumentError) as refused:
        template(body)

    position = refused.value.findings[0].position
    assert position.line == line
    assert column is None or position.column == column
    assert refused.value.findings[0].file == "approval.md"


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("id: a\n", 1),
        ("id: a\ntitle: b\nid: c\n", 4),
        ("id: a\ntitle: b\ncolour: red\n", 4),
        ("id: a\ntitle: b\nremedies: maybe\n", 4),
        ("id: a\ntitle: [b]\n", 3),
        ("id: a\ntitle: {{ name }}\n", 3),
        ("id: a\ntitle: b: c: d\n", 3),
        ("- id\n", 1),
    ],
)
def test_a_head_that_is_wrong_is_refused_with_its_line(head, line):
    with pytest.raises(DocumentError) as refused:
        compile_document(f"---\n{head}---\n正文".encode(), "x.md")

    assert refused.value.findings[0].position.line == line


@pytest.mark.parametrize("text", [b"no head", b"---\nid: a\n", b"", b"\xff\xfe"])
def test_a_file_without_a_head_is_refused(text):
    with pytest.raises(DocumentError):
        compile_document(text, "x.md")


@settings(max_examples=200, deadline=None)
@given(cents=st.integers(0, 10**14 - 1))
def test_capital_numerals_can_be_read_back(html, cents):
    amount = Decimal(cents) / 100

    written = html("{{ value | capital money }}", value=amount).removeprefix("<p>人民币").removesuffix("</p>\n")

    assert read_back(written) == amount
    assert "零零" not in written


def read_back(written: str) -> Decimal:
    """Return the amount that capital numerals name: digits times their place, groups of four at 万 and 亿."""
    places = {"拾": 10, "佰": 100, "仟": 1000}
    total, group, digit = Decimal(0), 0, 0
    for char in written:
        if char in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(char)
        elif char in places:
            group, digit = group + digit * places[char], 0
        elif char in "亿万元":
            total += (group + digit) * {"亿": 10**8, "万": 10**4, "元": 1}[char]
            group = digit = 0
        elif char in "角分":
            total += Decimal(digit) / {"角": 10, "分": 100}[char]
            digit = 0
    return total


def test_names_with_spaces_can_be_given(template, environment):
    document = template("{{ 家庭 人口 + 1 }}", ("家庭 人口",))

    assert document.render({"家庭 人口": Decimal(2)}, environment) == "<p>3</p>\n"
