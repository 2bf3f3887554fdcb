"""The page on which a county gives decisions to its townships and takes them back."""

from __future__ import annotations

from collections.abc import Callable

Enter = Callable[[str], object]
GIVEN = {
    "region": "410721102",
    "item": "temp",
    "limit": "3000",
    "since": "2026-09-23",
    "decision": "新民〔2026〕8号",
    "reason": "试点",
}


def test_a_record_is_added_listed_and_taken_back(signed_in: Enter) -> None:
    decider = signed_in("decider")
    assert "还没有下放或收回的记录" in decider.get("/watch/delegations").get_data(as_text=True)
    assert decider.post("/watch/delegations", GIVEN).status_code == 303
    page = decider.get("/watch/delegations").get_data(as_text=True)
    assert "新民〔2026〕8号" in page
    assert "3000.00" in page
    assert "生效中" in page
    answer = decider.post("/watch/delegations/revoke", region="410721102", item="temp", reason="抽查不合格")
    assert answer.status_code == 303
    assert "0 项待确认的任务转到县级" in decider.get(answer.location).get_data(as_text=True)
    assert "已收回" in decider.page


def test_what_was_typed_wrongly_is_told_at_its_field_and_kept(signed_in: Enter) -> None:
    decider = signed_in("decider")
    for field, wrong, sentence in (
        ("limit", "many", "额度应为数字"), ("since", "soon", "请填写日期"), ("reason", "", "请写明理由"),
    ):  # fmt: skip
        answer = decider.post("/watch/delegations", {**GIVEN, field: wrong})
        assert answer.status_code == 422
        assert sentence in decider.page
        assert 'value="新民〔2026〕8号"' in decider.page


def test_places_of_others_are_not_offered_and_not_taken(signed_in: Enter) -> None:
    decider = signed_in("decider")
    decider.get("/watch/delegations")
    assert 'value="410721101"' in decider.page
    assert 'value="410702100"' not in decider.page
    assert decider.post("/watch/delegations", {**GIVEN, "region": "410702100"}).status_code == 403
