import re
from datetime import datetime

import pytest
from lxml import html

from engine.clock import SHANGHAI
from workflows.letterheads import STYLESHEET, Notice, issuer_of, notice_html
from workflows.registers import regions

NOTICE = Notice(
    title="临时救助告知书",
    number="临救告〔2026〕7号",
    region="410702100",
    issued_at=datetime(2026, 9, 3, 10, tzinfo=SHANGHAI),
    body="<p>王小明:</p>",
    basis="社会救助法第五十条 <修正>",
)


@pytest.mark.parametrize(
    ("region", "issuer"),
    [
        ("410702100", "新乡市红旗区洪门镇人民政府"),
        ("410702001", "新乡市红旗区西街街道办事处"),
        ("410783460", "长垣市河南长垣起重工业园区管理机构"),
        ("410721", "新乡县民政局"),
        ("410782", "辉县市民政局"),
        ("410704", "新乡市凤泉区民政局"),
        ("410772", "新乡经济技术开发区管理委员会"),
        ("4107", "新乡市民政局"),
        ("", "新乡市民政局"),
    ],
)
def test_the_authority_of_the_region_signs(region, issuer):
    assert issuer_of(region) == issuer


def test_every_region_has_an_authority_that_names_it():
    for unit in regions.regions().values():
        assert unit.name in issuer_of(unit.code)


def test_a_notice_carries_head_number_body_basis_and_date():
    page = html.fragment_fromstring(notice_html(NOTICE))
    text = re.sub(r"\s+", "\n", page.text_content())

    assert page.xpath("string(//h1)") == "临时救助告知书"
    assert page.xpath("string(//time/@datetime)") == "2026-09-03"
    for piece in ("新乡市红旗区洪门镇人民政府", "临救告〔2026〕7号", "王小明:", "2026年9月3日"):
        assert piece in text
    assert "第五十条\n<修正>" in text


def test_a_notice_without_basis_has_no_empty_line_for_it():
    page = html.fragment_fromstring(notice_html(Notice("公示", "1", "410721", NOTICE.issued_at, "<p>内容</p>")))

    assert not page.find_class("notice-basis")


def test_the_layout_needs_no_inline_style_and_every_class_is_in_the_stylesheet_or_plain():
    page = html.fragment_fromstring(notice_html(NOTICE))
    css = STYLESHEET.read_text("utf-8")

    assert not page.xpath("//@style")
    unstyled = {name for one in page.xpath("//@class") for name in one.split() if f".{name}" not in css}
    assert unstyled == {"notice-head", "notice-issuer-signed"}
