"""A house fire at night: helped first, papers afterwards, late, then completed, each step by people at browsers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import Page

from tests.e2e.conftest import City
from tests.e2e.pages import Values, apply, complete, move_clock, open_case, progress, until

TOWNSHIP = "410721101"
APPLICATION: Values = {
    "county": "410721",
    "township": "410721101",
    "applicant_name": "张守田",
    "id_no": "11010519491231002X",
    "phone": "13837300021",
    "place": "翟坡镇火电厂家属院 3 号楼",
    "cause": "disaster",
    "event_date": "2026-09-22",
    "situation": "夜间失火房屋被烧毁,一家两口无处居住",
    "danger_now": True,
    "persons": "2",
    "requested": "1500",
    "way": "transfer",
    "payee_name": "张守田",
    "bank_account": "6222021234567890128",
    "consent_data": True,
    "promise_true": True,
}


PAPERS: Values = {
    "identity_proof": True,
    "cause_proof": True,
    "receipt": True,
    "signatures": True,
    "visit_done": True,
    "check_entrusted": True,
    "no_photo_reason": "夜间紧急,未能拍照",
}


def test_from_a_phone_to_relief_paid_and_papers_completed(
    city: City, phone: Page, sign_in: Callable[[str], Page]
) -> None:
    before = city.balance(TOWNSHIP)
    number = apply(phone, APPLICATION)
    assert "值班接警" in progress(phone, number, "13837300021")

    operator, approver = sign_in("zhaipo_operator"), sign_in("zhaipo_approver")
    complete(operator, "值班接警", {"duty_on_way": True})
    complete(operator, "受理登记", {})
    assert city.balance(TOWNSHIP) == before
    complete(approver, "先行救助审批", {"approved": True})
    assert city.balance(TOWNSHIP) == before - Decimal(1500)
    until(operator, number, "补齐手续")
    assert "先行救助登记单" in open_case(operator, number).inner_text("main")

    move_clock(operator, workdays=3)
    until(operator, number, "短信提醒补齐手续")
    move_clock(operator, workdays=2)
    county = sign_in("xinxiangxian_operator")
    until(county, number, "逾期转县级")

    complete(operator, "补齐手续", PAPERS)
    until(operator, number, "已补齐")
    assert "已补齐" in progress(phone, number, "13837300021")
    assert city.balance(TOWNSHIP) == before - Decimal(1500)
