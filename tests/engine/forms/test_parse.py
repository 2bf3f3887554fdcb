"""An HTML post: what is kept of it, and the buttons that work without scripts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.forms.conftest import FILES, form_of, submit


def test_nested_names_become_nested_answers(relief):
    post = {
        "applicant_name": ["张三"], "address.street": ["幸福路"], "no_papers": ["", "true"], "promise_true": [""],
        "ways": ["", "cash", "goods"], "members": [""], "members[3]": ["1"], "members[3].name": ["丙"],
        "members[0].name": ["甲"], "photos": ["", "k1"],
    }  # fmt: skip
    assert relief.parse(post) == {
        "applicant_name": "张三", "address": {"street": "幸福路"}, "no_papers": True, "promise_true": False,
        "ways": ["cash", "goods"], "members": [{"name": "甲"}, {"_row": "1", "name": "丙"}], "photos": ["k1"],
    }  # fmt: skip


def test_a_group_without_lines_and_a_question_not_on_the_page_differ(relief):
    assert relief.parse({"members": [""]}) == {"members": []}
    assert relief.parse({}) == {}


def test_what_the_form_does_not_ask_is_dropped(relief):
    hostile = ["status", "assignee", "members[999].name", "members[1][2].name", "members.name", "address", "address.x",
               "address.place.x", "__class__", "members[0].__proto__", "members[-1].name", "a" * 9999, "per_head[0]"]  # fmt: skip
    assert relief.parse({name: ["x"] for name in hostile}) == {}


def test_lines_and_files_come_and_go_by_plain_buttons(relief):
    raw = relief.parse({"members": [""], "members[0]": ["0"], "members[0].name": ["甲"], "members[1].name": ["乙"]})
    added = relief.row_change({"_row": ["add members"]}, raw)
    assert [line.get("name") for line in added["members"]] == ["甲", "乙", None]
    removed = relief.row_change({"_row": ["remove members[0]"]}, added)
    assert [line.get("name") for line in removed["members"]] == ["乙", None]
    assert relief.row_change({"_row": ["refresh"]}, raw) == raw
    assert relief.row_change({}, raw) is None
    with_file = relief.attach(raw, "photos", "k1")
    assert with_file["photos"] == ["k1"]
    assert relief.row_change({"_row": ["remove photos[0]"]}, with_file)["photos"] == []
    assert [line["name"] for line in raw["members"]] == ["甲", "乙"]


def test_lines_stop_at_the_limit_and_senseless_buttons_do_nothing(relief):
    full = {"members": [{} for _ in range(5)]}
    for wish in (
        "add members",
        "remove members[77]",
        "remove members[x]",
        "add status",
        "add applicant_name",
        "bang",
        "",
    ):
        assert relief.row_change({"_row": [wish or "x"]}, full) == full


def test_buttons_reach_lines_within_lines():
    form = form_of({"type": "dynamiclist", "path": "homes", "id": "H", "label": "户", "components": [
        {"type": "dynamiclist", "path": "people", "id": "P", "label": "人", "components": [
            {"type": "textfield", "key": "name", "id": "N", "label": "名"}]}]})  # fmt: skip
    raw = form.parse({"homes[0].people[0].name": ["甲"], "homes[1].people": [""]})
    added = form.row_change({"_row": ["add homes[1].people"]}, raw)
    assert added == {"homes": [{"people": [{"name": "甲"}]}, {"people": [{"_row": ""}]}]}
    assert submit(form, added).values == {"homes": [{"people": [{"name": "甲"}]}, {"people": [{"name": ""}]}]}


def test_file_fields_are_found_by_their_input_name(relief):
    assert relief.file_field("photos").max_files == 2
    assert relief.file_field("applicant_name") is None
    assert relief.file_field("nothing") is None


NAMES = st.one_of(
    st.sampled_from(["applicant_name", "no_papers", "id_no", "no_papers_reason", "address.place", "cause", "other_cause",
                     "persons", "requested", "ways", "track", "office_note", "per_head", "members", "members[0]",
                     "members[1].name", "members[1].relation", "members[1].income", "photos", "promise_true"]),
    st.text(max_size=30), st.from_regex(r"[a-z_]{1,8}(\[\d{1,3}\])?\.[a-z_]{1,8}", fullmatch=True),
)  # fmt: skip
TYPED = st.lists(
    st.one_of(st.text(max_size=40), st.sampled_from(["true", "other", "child", "T9", "7", "k1"])), max_size=3
)


@settings(max_examples=150, deadline=None)
@given(post=st.dictionaries(NAMES, TYPED, max_size=12))
def test_whatever_is_posted_only_what_was_asked_and_shown_is_stored(relief, post):
    values = submit(relief, relief.parse(post), files=FILES).values
    assert set(values) <= relief.names
    assert set(values.get("address", {})) <= {"place", "street"}
    assert all(set(line) <= {"name", "relation", "income"} for line in values["members"])
    assert all("income" not in line for line in values["members"] if line.get("relation") == "child")
    assert "office_note" not in values
    assert values["track"] == "T2"
    hidden = {"id_no"} if values["no_papers"] else {"no_papers_reason"}
    assert not hidden & set(values)
    assert ("other_cause" in values) <= (values.get("cause") == "other")
