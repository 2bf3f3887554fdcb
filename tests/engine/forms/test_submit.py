"""A filling: what is stored, what is refused, in which words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.errors import Invalid, ModelError
from tests.engine.forms.conftest import CASE, FILES, form_of, submit


def wrong(form, raw, **more):
    return {path: text.zh for path, text in submit(form, raw, **more).errors.items()}


def test_complete_record_is_stored_as_typed_values(relief, answers):
    submission = submit(relief, answers, files=FILES, allowed_regions=("4107",))
    assert submission.errors == {}
    values = submission.accepted()
    assert values["requested"] == Decimal("1500.00")
    assert str(values["requested"]) == "1500.00"
    assert values["event_date"] == date(2026, 9, 22)
    assert values["per_head"] == Decimal(500)
    assert values["income_total"] == Decimal(800)
    assert values["address"] == {"place": "410721101", "street": "幸福路 1 号"}
    assert values["photos"] == [{"file": "k1", "name": "屋顶.jpg", "size": Decimal(2048), "type": "image/jpeg"}]


def test_hidden_fields_are_neither_asked_nor_stored(relief, answers):
    answers.update(no_papers=True, id_no="nonsense", no_papers_reason="房屋烧毁", other_cause="x" * 5000)
    submission = submit(relief, answers, files=FILES)
    assert submission.errors == {}
    assert "id_no" not in submission.values
    assert "other_cause" not in submission.values
    assert submission.values["no_papers_reason"] == "房屋烧毁"


def test_readonly_keeps_the_case_value_and_disabled_is_not_stored(relief, answers):
    answers.update(track="T9", office_note="改写", per_head="1", income_total="0")
    values = submit(relief, answers, files=FILES).values
    assert values["track"] == "T2"
    assert "office_note" not in values
    assert values["per_head"] == Decimal(500)


def test_empty_post_names_each_missing_answer_by_its_label(relief):
    assert wrong(relief, {}) == {
        "applicant_name": "请填写申请人姓名",
        "id_no": "请填写身份证号码",
        "address.place": "请填写急难发生地区划代码",
        "cause": "请选择事由",
        "event_date": "请填写发生日期",
        "persons": "请填写受灾人数",
        "requested": "请填写申请金额",
        "ways": "请选择救助方式",
        "promise_true": "请勾选“我承诺所填内容属实”",
    }


@pytest.mark.parametrize(
    ("change", "path", "sentence"),
    [
        ({"persons": "两人"}, "persons", "受灾人数应为数字（如 1500 或 12.5），但填写的是“两人”，请改正"),
        ({"persons": "2.5"}, "persons", "受灾人数应为整数，但填写的是“2.5”，请改正"),
        ({"persons": "21"}, "persons", "受灾人数应不大于 20，但填写的是“21”，请改正"),
        ({"requested": "0"}, "requested", "申请金额应不小于 0.01，但填写的是“0.00”，请改正"),
        ({"requested": "6000.01"}, "requested", "申请金额应不大于 6000，但填写的是“6000.01”，请改正"),
        ({"requested": "12.345"}, "requested", "申请金额应最多 2 位小数，但填写的是“12.345”，请改正"),
        ({"requested": "1e9"}, "requested", "申请金额应为数字（如 1500 或 12.5），但填写的是“1e9”，请改正"),
        ({"requested": "15,00"}, "requested", "申请金额应为数字（如 1500 或 12.5），但填写的是“15,00”，请改正"),
        ({"event_date": "2026-09-24"}, "event_date", "发生日期应不晚于今天，但填写的是“2026-09-24”，请改正"),
        ({"event_date": "2026-02-30"}, "event_date",
         "发生日期应为有效日期（如 2026-09-24），但填写的是“2026-02-30”，请改正"),
        ({"id_no": "410721199003072332"}, "id_no", "身份证号码应为 18 位有效身份证号码，请检查后改正"),
        ({"id_no": "41072119901307233X"}, "id_no", "身份证号码应为 18 位有效身份证号码，请检查后改正"),
        ({"mobile": "12800138000"}, "mobile", "手机号码应为 11 位手机号码（以 1 开头），请检查后改正"),
        ({"cause": "flood"}, "cause", "所选的事由不在可选范围内，请重新选择"),
        ({"ways": ["transfer", "gold"]}, "ways", "所选的救助方式不在可选范围内，请重新选择"),
        ({"second_person": "u9"}, "second_person", "所选的同意人不在可选范围内，请重新选择"),
        ({"cause": "other"}, "other_cause", "请填写其他事由"),
        ({"address": {"place": "999999999"}}, "address.place",
         "急难发生地区划代码应为有效的行政区划代码，但填写的是“999999999”，请改正"),
        ({"applicant_name": "张"}, "applicant_name", "申请人姓名应至少 2 个字，请检查后改正"),
    ],
)  # fmt: skip
def test_each_wrong_answer_gets_its_sentence(relief, answers, change, path, sentence):
    assert wrong(relief, {**answers, **change}, files=FILES) == {path: sentence}


def test_full_width_digits_and_spaces_are_understood(relief, answers):
    answers.update(persons="\uff13", mobile="138 0013 8000", id_no="41072119900307007x")
    submission = submit(relief, answers, files=FILES)
    assert submission.errors == {}
    assert submission.values["persons"] == Decimal(3)
    assert submission.values["mobile"] == "13800138000"
    assert submission.values["id_no"].endswith("X")


def test_answers_of_a_program_come_typed(relief, answers):
    answers.update(persons=3, requested=1500.5, event_date=date(2026, 9, 22), photos=[{"file": "k1"}])
    values = submit(relief, answers, files=FILES).accepted()
    assert (values["persons"], values["requested"]) == (Decimal(3), Decimal("1500.50"))
    assert submit(relief, {**answers, "requested": float("nan")}, files=FILES).errors.keys() == {"requested"}


def test_region_outside_the_own_ones_is_refused(relief, answers):
    assert "address.place" in submit(relief, answers, files=FILES, allowed_regions=("4108",)).errors


def test_rows_are_checked_one_by_one_and_together(relief, answers):
    answers["members"] = [
        {"name": "", "relation": "spouse", "income": "-1"},
        {"name": "小明", "relation": "child", "income": "nonsense"},
        {"name": "王红", "relation": "spouse"},
    ]
    assert wrong(relief, answers, files=FILES) == {
        "members[0].name": "请填写姓名",
        "members[0].income": "月收入应不小于 0，但填写的是“-1.00”，请改正",
        "members": "配偶最多一人，请改正",
    }
    assert "income" not in submit(relief, answers, files=FILES).values["members"][1]


def test_more_rows_than_allowed_are_refused(relief, answers):
    answers["members"] = [{"name": f"人{n}"} for n in range(1000)]
    submission = submit(relief, answers, files=FILES)
    assert submission.errors["members"].zh == "家庭成员最多 5 行，请删除多余的行"
    assert len(submission.values["members"]) <= 5


@pytest.mark.parametrize(
    ("keys", "files", "sentence"),
    [
        (["k9"], FILES, "现场照片中有文件已失效，请重新上传"),
        (["k1"], {}, "现场照片中有文件已失效，请重新上传"),
        (["k1", "k2", "k3"], {**FILES, "k3": FILES["k1"]}, "现场照片最多上传 2 个文件，请删除多余的文件"),
        (["k4"], {"k4": {"name": "x.jpg", "size": 9, "type": "text/html"}},
         "现场照片只接受 .jpg、.png 文件，“x.jpg”不是，请换一个文件"),
        (["k5"], {"k5": {"name": "x.jpg", "size": 2_000_000, "type": "image/jpeg"}},
         "现场照片的单个文件不得超过 1 MB,“x.jpg”超过了，请压缩后再上传"),
    ],
)  # fmt: skip
def test_files_must_be_uploaded_here_and_fit(relief, answers, keys, files, sentence):
    answers["photos"] = keys
    assert wrong(relief, answers, files=files) == {"photos": sentence}


def test_a_file_already_in_the_case_may_stay(relief, answers):
    held = {"file": "old", "name": "旧.jpg", "size": Decimal(5), "type": "image/jpeg"}
    answers["photos"] = ["old"]
    submission = submit(relief, answers, {**CASE, "photos": [held]})
    assert submission.errors == {}
    assert submission.values["photos"] == [held]


def test_answers_not_sent_fall_back_to_the_case_then_to_the_default():
    form = form_of(
        {"type": "textfield", "key": "a", "id": "A", "label": "甲"},
        {"type": "number", "key": "b", "id": "B", "label": "乙", "defaultValue": 3},
        {"type": "number", "key": "c", "id": "C", "label": "丙", "defaultValue": 4},
    )
    assert submit(form, {"c": ""}, {"a": "已有"}).values == {"a": "已有", "b": Decimal(3), "c": None}


def test_a_masked_number_left_alone_keeps_its_value_and_a_new_one_replaces_it(relief, answers):
    from tests.engine.forms.conftest import ID_NO

    context = {**CASE, "id_no": ID_NO}
    kept = submit(relief, {**answers, "id_no": "410721********2331"}, context, files=FILES)
    assert kept.values["id_no"] == ID_NO
    assert "id_no" in submit(relief, {**answers, "id_no": "410721********2330"}, context, files=FILES).errors


def test_invalid_submission_raises_with_all_fields(relief):
    with pytest.raises(Invalid) as refusal:
        submit(relief, {}).accepted()
    assert "applicant_name" in refusal.value.fields


def test_conditions_see_a_hidden_field_as_null_in_any_order():
    form = form_of(
        {"type": "textfield", "key": "c", "id": "C", "label": "丙", "conditional": {"hide": "=b = null"}},
        {"type": "textfield", "key": "b", "id": "B", "label": "乙", "conditional": {"hide": "=a != true"}},
        {"type": "checkbox", "key": "a", "id": "A", "label": "甲"},
    )
    assert submit(form, {"a": False, "b": "x", "c": "y"}).values == {"a": False}
    assert submit(form, {"a": True, "b": "x", "c": "y"}).values == {"a": True, "b": "x", "c": "y"}


def test_fields_that_hide_each_other_do_not_hang():
    form = form_of(
        {"type": "textfield", "key": "a", "id": "A", "label": "甲", "conditional": {"hide": '=b != ""'}},
        {"type": "textfield", "key": "b", "id": "B", "label": "乙", "conditional": {"hide": '=a != ""'}},
        {"type": "expression", "key": "e", "id": "E", "label": "戊", "expression": "=f + 1"},
        {"type": "expression", "key": "f", "id": "F", "label": "己", "expression": "=e + 1"},
    )
    assert submit(form, {"a": "", "b": "y"}).values["b"] == "y"


def test_a_group_hides_everything_in_it_and_rows_read_the_form_around_them():
    form = form_of(
        {"type": "checkbox", "key": "on", "id": "On", "label": "开"},
        {"type": "group", "id": "G", "path": "g", "conditional": {"hide": "=not(on)"}, "components": [
            {"type": "textfield", "key": "x", "id": "X", "label": "子", "validate": {"required": True}},
            {"type": "dynamiclist", "path": "lines", "id": "L", "label": "行", "components": [
                {"type": "textfield", "key": "y", "id": "Y", "label": "丑", "conditional": {"hide": '=g.x = "no"'}},
                {"type": "expression", "key": "n", "id": "N", "label": "寅", "expression": "=i[1]"}]}]},
    )  # fmt: skip
    assert submit(form, {"on": False, "g": {"x": "a", "lines": [{"y": "b"}]}}).values == {"on": False}
    shown = submit(form, {"on": True, "g": {"x": "a", "lines": [{"y": "b"}, {"y": "c"}]}})
    assert shown.values["g"]["lines"] == [{"y": "b", "n": Decimal(1)}, {"y": "c", "n": Decimal(2)}]
    assert "y" not in submit(form, {"on": True, "g": {"x": "no", "lines": [{"y": "b"}]}}).values["g"]["lines"][0]


def test_lines_keep_their_readonly_answers_when_one_before_them_is_removed():
    form = form_of({"type": "dynamiclist", "path": "points", "id": "P", "label": "素描点", "components": [
        {"type": "textfield", "key": "name", "id": "N", "label": "名称", "readonly": True},
        {"type": "textfield", "key": "note", "id": "T", "label": "说明"}]})  # fmt: skip
    context = {"points": [{"name": "房"}, {"name": "车"}]}
    sent = {"points": [{"_row": "1", "name": "伪造", "note": "已核"}, {"_row": "1", "name": "伪造", "note": "再抄"}]}
    assert submit(form, sent, context).values == {
        "points": [{"name": "车", "note": "已核"}, {"name": "", "note": "再抄"}]
    }


def test_dates_are_compared_with_other_fields_and_now():
    form = form_of(
        {"type": "datetime", "subtype": "date", "key": "start", "id": "S", "label": "开始"},
        {"type": "datetime", "subtype": "date", "key": "end", "id": "E", "label": "结束",
         "properties": {"validate": "after start"}},
        {"type": "datetime", "subtype": "datetime", "key": "signed", "id": "D", "label": "签署时间",
         "properties": {"validate": "not_after now"}},
    )  # fmt: skip
    raw = {"start": "2026-09-05", "end": "2026-09-05", "signed": "2026-09-23T20:01"}
    assert wrong(form, raw) == {
        "end": "结束应晚于开始，但填写的是“2026-09-05”，请改正",
        "signed": "签署时间应不晚于现在，但填写的是“2026-09-23 20:01”，请改正",
    }
    fine = submit(form, {"start": "2026/9/5", "end": "2026年9月6日", "signed": "2026-09-23T12:00Z"})
    assert fine.errors == {}
    assert fine.values["signed"].isoformat() == "2026-09-23T20:00:00+08:00"


def test_patterns_cards_and_mail():
    form = form_of(
        {"type": "textfield", "key": "card", "id": "C", "label": "卡号", "properties": {"validate": "bank_card"}},
        {"type": "textfield", "key": "mail", "id": "M", "label": "邮箱", "validate": {"validationType": "email"}},
        {"type": "textfield", "key": "code", "id": "P", "label": "代码", "validate": {"pattern": "^(a+)+$"},
         "properties": {"pattern_message": "代码只能由字母 a 组成，请改正"}},
    )  # fmt: skip
    assert submit(form, {"card": "4111 1111 1111 1111", "mail": "li@example.org", "code": "aaa"}).errors == {}
    found = wrong(form, {"card": "6222021234567890", "mail": "li@", "code": "a" * 900 + "b"})
    assert found["code"] == "代码只能由字母 a 组成，请改正"
    assert set(found) == {"card", "mail", "code"}


def test_options_from_an_expression_follow_other_answers():
    form = form_of(
        {"type": "number", "key": "n", "id": "N", "label": "数"},
        {"type": "select", "key": "s", "id": "S", "label": "选", "valuesExpression": "=for x in 1..n return x"},
    )
    assert submit(form, {"n": "3", "s": "3"}).values["s"] == Decimal(3)
    assert wrong(form, {"n": "2", "s": "3"}) == {"s": "所选的选不在可选范围内，请重新选择"}


def test_a_source_nobody_registered_is_the_models_fault():
    form = form_of({"type": "select", "key": "s", "id": "S", "label": "选", "properties": {"source": "nowhere"}})
    assert form.sources == {"nowhere"}
    with pytest.raises(ModelError, match="nowhere"):
        submit(form, {"s": "x"})


HOSTILE = [[], {}, [[[]]], {"a": {"b": {}}}, True, 10**400, "\ud800", "\x00", "x" * 100_000, None]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_shapes_never_raise_and_never_store_controls(relief, answers, hostile):
    for key in answers:
        submission = submit(relief, {**answers, key: hostile}, files=FILES)
        stored = submission.values.get(key)
        assert not isinstance(stored, str) or (stored.isprintable() and len(stored) <= 20_000)
    assert submit(relief, {"members": [hostile] * 3, "address": hostile}).errors
