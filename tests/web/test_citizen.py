"""Applying on a phone without scripts, and following the application."""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from engine.runtime import Runtime
from engine.store import tables as t
from web import bundles

HERE = "410721102"
PAGES = (
    {"applicant_name": "刘桂兰", "id_no": "410721198001011231", "no_id_reason": "", "phone": "13800138000", "place": "东街12号"},
    {"cause": "disaster", "event_date": "2026-09-22", "situation": "夜间失火，无处居住", "danger_now": "true", "long_difficulty": ""},
    {"persons": "2", "group": "其他", "requested": "600", "way": "transfer", "payee_name": "刘桂兰",
     "bank_account": "6222021234567890128"},
    {"consent_data": "true", "promise_true": "true"},
)  # fmt: skip


def begin(browser: object) -> str:
    browser.get("/apply/relief")
    browser.press("/apply/relief", county=HERE[:6], go="county")
    return browser.press("/apply/relief", township=HERE, go="township").get_data(as_text=True)


def answer_all(browser: object) -> str:
    begin(browser)
    for page in PAGES:
        browser.press("/apply/relief", **page, go="next")
    assert "核对后提交" in browser.page
    return browser.page


def cases(runtime: Runtime) -> int:
    with runtime.read() as transaction:
        return len(transaction.execute(t.case.select()).all())


def test_the_whole_way_from_home_to_progress(browser: object, runtime: Runtime) -> None:
    home = browser.get("/").get_data(as_text=True)
    assert "/apply/relief" in home
    assert [offer for offer in ("申请社会救助", "报告家庭变动", "申请临时救助") if offer not in home] == []
    review = answer_all(browser)
    assert "刘桂兰" in review
    assert "小冀镇" in review
    receipt = browser.press("/apply/relief", go="submit")
    assert receipt.status_code == 200
    number = re.search(r'class="number">([^<]+)<', browser.page)[1]
    assert cases(runtime) == 1
    followed = browser.post("/progress", number=number, phone="13800138000")
    assert followed.status_code == 200
    assert "提交申请" in browser.page
    assert "刘桂兰" not in browser.page


def test_one_group_of_questions_a_page(browser: object) -> None:
    page = begin(browser)
    assert "第 1 步" in page
    assert 'name="applicant_name"' in page
    assert 'name="cause"' not in page


def test_mistakes_are_told_and_nothing_typed_is_lost(browser: object) -> None:
    begin(browser)
    answer = browser.press("/apply/relief", **{**PAGES[0], "id_no": "410721198001011230"}, go="next")
    assert answer.status_code == 422
    assert "身份证号" in browser.page
    assert 'href="#f-id_no"' in browser.page
    assert 'value="刘桂兰"' in browser.page
    assert 'value="410721198001011230"' in browser.page


def test_going_back_and_forth_keeps_the_answers(browser: object) -> None:
    begin(browser)
    browser.press("/apply/relief", **PAGES[0], go="next")
    browser.press("/apply/relief", **PAGES[1], go="back")
    assert 'value="刘桂兰"' in browser.page
    browser.press("/apply/relief", **PAGES[0], go="next")
    assert "夜间失火，无处居住" in browser.page


def test_questions_that_depend_on_an_answer_are_drawn_again(browser: object) -> None:
    begin(browser)
    for page in PAGES[:2]:
        browser.press("/apply/relief", **page, go="next")
    parts = re.search(r'name="way"[^>]*data-affects="([^"]+)"', browser.page)[1]
    drawn = browser.press("/apply/relief", **{**PAGES[2], "way": "cash", "_parts": parts}).get_data(as_text=True)
    assert drawn.count("hx-swap-oob") == len(parts.split())
    assert "必填" not in drawn


def test_an_answer_can_be_changed_from_the_review(browser: object) -> None:
    answer_all(browser)
    first = re.search(r'name="change" value="([^"]+)"', browser.page)[1]
    browser.press("/apply/relief", change=first)
    assert 'value="13800138000"' in browser.page


def test_sending_twice_makes_one_case(browser: object, runtime: Runtime) -> None:
    review = answer_all(browser)
    first = browser.press("/apply/relief", go="submit").get_data(as_text=True)
    browser.page = review
    second = browser.press("/apply/relief", go="submit").get_data(as_text=True)
    numbers = [re.search(r'class="number">([^<]+)<', page)[1] for page in (first, second)]
    assert numbers[0] == numbers[1]
    assert cases(runtime) == 1


def test_a_changed_state_is_refused(browser: object, runtime: Runtime) -> None:
    answer_all(browser)
    state = browser.hidden("state")
    for changed in (state[:-8] + "AAAAAAA=", "nonsense", ""):
        assert browser.post("/apply/relief", state=changed, go="submit").status_code == 422
    assert cases(runtime) == 0


def test_the_answers_cannot_be_read_from_the_hidden_state(browser: object) -> None:
    import base64

    answer_all(browser)
    raw = base64.urlsafe_b64decode(browser.hidden("state"))
    assert "刘桂兰".encode() not in raw
    assert b"410721198001011231" not in raw


def test_only_a_township_of_the_county_is_taken(browser: object) -> None:
    browser.get("/apply/relief")
    assert browser.press("/apply/relief", county="999999", go="county").status_code == 422
    browser.press("/apply/relief", county=HERE[:6], go="county")
    answer = browser.press("/apply/relief", township="410702100", go="township")
    assert answer.status_code == 422
    assert "请选择乡镇" in browser.page


def test_a_process_citizens_may_not_start_is_hidden(browser: object) -> None:
    assert browser.get("/apply/reserve_refill").status_code == 404


def photo() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "accepted"), [("fire.png", photo(), True), ("fire.png", b"MZ not a picture", False)]
)
def test_a_photo_is_kept_and_a_file_that_lies_is_refused(
    browser: object, name: str, data: bytes, accepted: bool
) -> None:
    begin(browser)
    for page in PAGES[:2]:
        browser.press("/apply/relief", **page, go="next")
    sent = FileStorage(io.BytesIO(data), filename=name, content_type="image/png")
    answer = browser.press("/apply/relief", **{**PAGES[2], "need_photo": sent}, go="next")
    assert answer.status_code == (200 if accepted else 422)
    if not accepted:
        assert "内容与扩展名不符" in browser.page
        assert 'value="6222021234567890128"' in browser.page
        return
    browser.press("/apply/relief", **PAGES[3], go="next")
    assert "fire.png" in browser.page


def test_a_wrong_phone_and_an_unknown_number_sound_alike(browser: object) -> None:
    answer_all(browser)
    browser.press("/apply/relief", go="submit")
    number = re.search(r'class="number">([^<]+)<', browser.page)[1]
    pages = []
    for wrong in ({"number": number, "phone": "13900000000"}, {"number": "410721102-26-99999", "phone": "13800138000"}):
        assert browser.post("/progress", wrong).status_code == 404
        pages.append(browser.page.replace(wrong["number"], "").replace(wrong["phone"], ""))
    assert pages[0] == pages[1]


def test_guessing_numbers_is_slowed_down(browser: object) -> None:
    statuses = {
        browser.post("/progress", number="410721102-26-00009", phone=f"138{n:08d}").status_code for n in range(32)
    }
    assert statuses == {404, 403}


def test_a_page_costs_a_phone_little(browser: object) -> None:
    pages = [browser.get("/").data, browser.get("/apply/relief").data, begin(browser).encode()]
    pages += [browser.press("/apply/relief", **answers, go="next").data for answers in PAGES]
    style = next(Path(bundles.DIST).glob("citizen-*.css")).read_bytes()
    cost = max(len(gzip.compress(page)) for page in pages) + len(gzip.compress(style))
    assert cost <= 15 * 1024


def test_the_large_letters_are_remembered(browser: object) -> None:
    assert 'data-size="normal"' in browser.get("/").get_data(as_text=True)
    assert browser.get("/size/large?next=/progress").headers["Location"] == "/progress"
    assert 'data-size="large"' in browser.get("/").get_data(as_text=True)


def test_the_site_can_be_kept_among_the_apps(browser: object) -> None:
    manifest = browser.get("/manifest.webmanifest").json
    assert manifest["start_url"] == "/"
    assert manifest["display"] == "standalone"
    assert browser.get(manifest["icons"][0]["src"]).status_code == 200
