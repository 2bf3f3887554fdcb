"""The HTML of a form: every input named, every error tied to it, nothing typed lost."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from engine.errors import Text
from engine.forms import compile_form
from tests.engine.forms.conftest import CASE, FILES, ID_NO, form_of, render, schema_of, submit


def page(form, raw, errors=None, **more):
    return html.fromstring(f"<form>{render(form, raw, errors, **more)}</form>")


def test_every_input_has_a_label_and_every_id_occurs_once(relief, answers):
    tree = page(relief, answers, files=FILES)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    for control in tree.xpath("//input[@type!='hidden'] | //select | //textarea"):
        assert tree.xpath("//label[@for=$id]", id=control.get("id")), control.get("name")
    for group in tree.xpath("//fieldset"):
        assert group.xpath("./legend")[0].text_content().strip()
    for reference in tree.xpath("//@aria-describedby | //@aria-labelledby"):
        assert set(reference.split()) <= set(ids)


def test_errors_stand_at_their_input_and_in_the_summary(relief):
    raw = {"persons": "两人", "members": [{"name": ""}]}
    errors = submit(relief, raw).errors
    tree = page(relief, raw, errors)
    [persons] = tree.xpath("//input[@name='persons']")
    assert persons.get("value") == "两人"
    assert persons.get("aria-invalid") == "true"
    [error] = tree.xpath("//*[@id=$id]", id=persons.get("aria-describedby"))
    assert "但填写的是“两人”" in error.text_content()
    summary = html.fromstring(relief.error_summary(errors, "zh"))
    targets = [href[1:] for href in summary.xpath("//a/@href")]
    assert len(targets) == len(errors)
    assert set(targets) <= set(tree.xpath("//@id"))
    assert targets[0] == "f-applicant_name"
    assert targets[-1] == "f-promise_true"
    assert relief.error_summary({}, "zh") == ""


def test_required_is_said_in_words_and_in_both_languages(relief):
    assert "（必填）" in page(relief, {}).xpath("string(//label[@for='f-applicant_name'])")
    english = page(relief, {}, language="en")
    assert english.xpath("string(//label[@for='f-applicant_name'])") == "Name of applicant (required)"
    assert submit(relief, {}).errors["applicant_name"].en == "Enter Name of applicant"


def test_keyboards_fit_the_answer(relief):
    tree = page(relief, {})
    facts = {
        name: tree.xpath("//input[@name=$name]", name=name)[0].attrib for name in ("persons", "requested", "mobile")
    }
    assert facts["persons"]["inputmode"] == "numeric"
    assert facts["requested"]["inputmode"] == "decimal"
    assert (facts["mobile"]["type"], facts["mobile"]["autocomplete"]) == ("tel", "tel")


def test_no_script_style_or_handler_whatever_the_form_says():
    evil = '<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:x" style="top:0" onclick="x">a</a>'
    form = form_of(
        {"type": "html", "id": "H", "content": evil + "{{ name }}"},
        {"type": "text", "id": "T", "text": evil + " [x](javascript:alert(1)) {{ name }}"},
        {"type": "textfield", "id": "F", "key": "name", "label": evil, "description": evil},
        {"type": "table", "id": "B", "label": "表", "dataSource": "=lines", "columns": [{"key": "a", "label": evil}]},
        {"type": "select", "id": "S", "key": "s", "label": "选", "values": [{"label": evil, "value": evil}]},
    )
    text = render(form, {"name": evil}, {"name": Text(evil, evil)}, context={"lines": [{"a": evil}]})
    tags, attributes = set(), {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            tags.add(tag)
            attributes.update(attrs)

    Reader().feed(text)
    assert not tags & {"script", "img", "style", "iframe"}
    assert not {"onerror", "onclick", "style"} & set(attributes)
    assert "javascript:" not in str([value for name, value in attributes.items() if name in ("href", "src")])


def test_conditional_fields_tell_which_parts_to_redraw(relief):
    tree = page(relief, {})
    [box] = tree.xpath("//input[@name='no_papers' and @type='checkbox']")
    assert box.get("data-affects").split() == ["c-Field_id_no", "c-Field_reason"]
    [hidden] = tree.xpath("//*[@id='c-Field_reason']")
    assert hidden.get("hidden") is not None
    assert not hidden.xpath(".//input | .//textarea")
    parts = html.fromstring(
        "<div>" + render(relief, {"no_papers": True}, parts=["c-Field_id_no", "c-Field_reason"]) + "</div>"
    )
    assert parts.xpath("./div/@id") == ["c-Field_id_no", "c-Field_reason"]
    assert parts.xpath("./div/@hx-swap-oob") == ["true", "true"]
    assert parts.xpath("//textarea/@name") == ["no_papers_reason"]


def test_a_line_redraws_itself_and_what_sums_it_up(relief):
    tree = page(relief, {"members": [{"name": "甲"}, {"name": "乙"}]})
    [relation] = tree.xpath("//select[@name='members[1].relation']")
    assert relation.get("data-affects").split() == ["c-members-1-Member_income", "c-Field_total"]
    part = html.fromstring(
        render(relief, {"members": [{}, {"relation": "child"}]}, parts=["c-members-1-Member_income"])
    )
    assert part.get("hidden") is not None


def test_enter_in_a_field_submits_and_never_removes_a_line(relief, answers):
    first = page(relief, answers).xpath("//button | //input[@type='submit']")[0]
    assert first.get("name") is None


def test_readonly_disabled_and_computed_answers_are_text_and_never_inputs(relief, answers):
    tree = page(relief, {**answers, "track": "T9"})
    assert tree.xpath("string(//output[@id='f-track'])") == "T2"
    assert tree.xpath("string(//output[@id='f-per_head'])") == "500.00"
    assert not tree.xpath("//input[@name='track' or @name='per_head' or @name='office_note']")


def test_personal_numbers_of_the_case_are_masked_until_revealed(relief):
    context = {**CASE, "id_no": ID_NO, "mobile": "13800138000"}
    assert ID_NO not in render(relief, {}, context=context)
    assert "138****8000" in render(relief, {}, context=context)
    assert ID_NO in render(relief, {}, context=context, reveal=True)
    assert ID_NO in render(relief, {"id_no": ID_NO}, context=context)
    stored = render(relief, {"id_no": ID_NO, "no_papers": False}, locked=True)
    assert ID_NO not in stored
    assert "410721********2331" in stored


def test_a_finished_form_shows_answers_without_inputs(relief, answers):
    values = submit(relief, answers, files=FILES).accepted()
    tree = page(relief, values, locked=True)
    assert not tree.xpath("//input | //select | //textarea | //button")
    assert tree.xpath("string(//output[@id='f-cause'])") == "灾害"
    assert tree.xpath("string(//output[@id='f-second_person'])") == "李四"
    assert tree.xpath("string(//output[@id='f-promise_true'])") == "是"
    assert "屋顶.jpg" in tree.text_content()


def test_a_form_of_groups_can_be_asked_page_by_page():
    form = compile_form(schema_of(
        {"type": "group", "id": "One", "label": "第一页", "components": [
            {"type": "textfield", "id": "A", "key": "a", "label": "甲", "validate": {"required": True}}]},
        {"type": "group", "id": "Two", "label": "第二页", "components": [
            {"type": "dynamiclist", "id": "L", "path": "lines", "label": "行", "components": [
                {"type": "textfield", "id": "B", "key": "b", "label": "乙", "validate": {"required": True}}]}]},
    ))  # fmt: skip
    assert [(part.id, part.label.zh) for part in form.pages] == [("One", "第一页"), ("Two", "第二页")]
    assert page(form, {}, page="One").xpath("//input/@name") == ["a"]
    errors = submit(form, {}).errors
    assert set(errors) == {"a", "lines[0].b"}
    assert set(form.page_errors(errors, "One")) == {"a"}
    assert set(form.page_errors(errors, "Two")) == {"lines[0].b"}


def test_texts_are_filled_with_what_the_case_knows(relief):
    assert "案件 LX-7" in render(relief, {})
    assert "案件 \\_x\\_ &lt;b&gt;" not in render(relief, {}, context={"case": {"number": "_x_ <b>"}})
    assert "_x_ &lt;b&gt;" in render(relief, {}, context={"case": {"number": "_x_ <b>"}})


@pytest.mark.parametrize(("language", "expected"), [("zh", "现领 1,790.00元"), ("en", "Draws 1,790.00 CNY")])
def test_texts_are_drawn_in_the_language_of_the_page(language, expected):
    text = {"type": "text", "id": "told", "text": "现领 {{money(amount)}}元", "properties": {"text_en": "Draws {{money(amount)}} CNY"}}
    amount = {"type": "number", "key": "amount", "id": "amount", "label": "金额"}
    form = form_of(text, amount)
    assert expected in page(form, {"amount": "1790"}, language=language).text_content()


def test_previews_tables_images_and_rules_are_drawn():
    pixel = "data:image/png;base64,iVBORw0KGgo="
    form = form_of(
        {"type": "image", "id": "I", "source": pixel, "alt": "标志"},
        {"type": "separator", "id": "R"},
        {"type": "spacer", "id": "P"},
        {"type": "documentPreview", "id": "D", "title": "材料", "dataSource": "=papers"},
        {
            "type": "table",
            "id": "T",
            "label": "名单",
            "dataSource": "papers",
            "columns": [{"key": "name", "label": "名称"}],
        },
    )
    context = {"papers": [{"name": "证明.pdf", "file": "k7"}]}
    tree = page(form, {}, context=context, file_link=lambda item: f"/files/{item['file']}")
    assert tree.xpath("//img/@alt") == ["标志"]
    assert tree.xpath("//a/@href") == ["/files/k7"]
    assert tree.xpath("//td/text()") == ["证明.pdf"]
    assert form.reads == {"papers"}


def test_a_table_writes_amounts_as_they_are_read_and_leaves_other_numbers_alone():
    columns = [{"key": key, "label": key} for key in ("total", "lines", "share")]
    form = form_of({"type": "table", "id": "T", "label": "发放表", "dataSource": "=sheet", "columns": columns})
    sheet = [{"total": Decimal("7455.00"), "lines": Decimal(1400), "share": Decimal("1234.5")}]
    assert page(form, {}, context={"sheet": sheet}).xpath("//td/text()") == ["7,455.00", "1400", "1234.5"]


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), max_size=30)


@settings(max_examples=80, deadline=None)
@given(persons=TEXT, name=TEXT, reason=TEXT, street=TEXT, member=TEXT, income=TEXT)
def test_whatever_was_typed_comes_back_exactly(relief, persons, name, reason, street, member, income):
    typed = {"persons": persons, "applicant_name": name, "no_papers": True, "no_papers_reason": reason,
             "address": {"place": "x", "street": street}, "members": [{"_row": "0", "name": member, "income": income}]}  # fmt: skip
    found = {}

    class Reader(HTMLParser):
        area = None

        def handle_starttag(self, tag, attrs):
            facts = dict(attrs)
            if tag == "input" and facts.get("type") not in ("file", "radio"):
                checked = facts.get("type") != "checkbox" or "checked" in facts
                found.setdefault(facts["name"], []).extend([facts.get("value", "")] if checked else [])
            if tag == "textarea":
                self.area = facts["name"]

        def handle_data(self, data):
            if self.area:
                found.setdefault(self.area, []).append(data)

        def handle_endtag(self, tag):
            self.area = None

    Reader().feed(render(relief, typed, submit(relief, typed).errors))
    found["no_papers_reason"] = ["".join(found["no_papers_reason"]).removeprefix("\n")]
    again = relief.parse(found)
    assert {key: again[key] for key in typed} == typed


@pytest.mark.parametrize("language", ["zh", "zh_CN", "en", "en-GB"])
def test_both_languages_are_drawn(relief, language):
    expected = "Choose" if language.startswith("en") else "请选择"
    assert expected in render(relief, {}, language=language)
