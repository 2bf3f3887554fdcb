"""One family from its application on a phone to the last month it is paid, each amount worked out by hand.

In force, by parameter: the rural standard is 550 yuan a person and month (dibao.std.rural). Who lacks at least seven
tenths of it is in tier A and gets 420 yuan a person, at least four tenths tier B, 220 yuan (dibao.tier.*). Each elder and
each minor adds a tenth of the standard, 55 yuan (dibao.surcharge.*). A decision counts from the next month.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.clock import SHANGHAI, FixedClock
from engine.commands.add_person import add_person
from engine.model import SYSTEM, Grant
from engine.runtime import Runtime
from engine.store import tables as t
from tests.web.conftest import HERE, PASSWORD, Browser
from tests.web.desk import Desks, errors
from tests.web.outside import Outside
from web.acts import ACTS
from workflows.registers.givens import read_ledger
from workflows.registers.money import yuan
from workflows.registers.payroll.batches import PAID_OUT
from workflows.registers.tables import roster, roster_amount

COUNTY, VILLAGE = HERE[:6], f"{HERE}001"
GRANDFATHER, GRANDMOTHER, SON = "410721196503124413", "410721196802010029", "410721199504080014"
CARD, OTHER_CARD = "6217000000000000012", "6228480402564890018"
WECHAT = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 MicroMessenger/8.0.49"
SURVEY = {
    "place_checkin": "小冀镇东街三号", "dwelling": "own_old", "rooms": "2", "living_note": "房屋老旧，基本生活勉强维持",
    "monthly_cost": "1800", "suggestion": "fits", "member_signed": True,
}  # fmt: skip
FACTS = {"dibao_assets": "ok", "edge_assets": "ok", "stable_income": True, "severe": "0", "serious": "0"}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(at("2026-07-01T09:00"))


@pytest.fixture
def desks(runtime: Runtime, signed_in: Callable[[str], Browser]) -> Desks:
    """The county's people, with the village's assistant and the county's finance."""
    with runtime.write() as transaction:
        for login, role, region in (("assistant", "village_assistant", VILLAGE), ("finance", "finance", COUNTY)):
            add_person(
                runtime, transaction, SYSTEM, login=login, name=f"name of {login}", password=PASSWORD,
                grants=(Grant(role, region),),
            )  # fmt: skip
    return Desks(signed_in)


@pytest.fixture
def outside(runtime: Runtime, clock: FixedClock) -> Outside:
    return Outside(runtime, clock)


def test_a_family_applies_by_wechat_grows_is_reviewed_mourns_and_stops(
    runtime: Runtime, browser: Browser, desks: Desks, outside: Outside
) -> None:
    # Three people with 300 yuan together, 100 each: 450 of 550 are lacking, more than seven tenths, so tier A.
    # 3 × 420 = 1260, and 55 for the grandfather of 61; the grandmother of 58 adds nothing: 1315.
    number = apply_by_wechat(browser)
    assert channel_of(runtime, number) == "wechat"
    accept_and_visit(desks, outside)
    decide(desks, outside, expected="1315")
    assert amounts(runtime) == {date(2026, 8, 1): Decimal("1315.00")}

    # A grandchild is born on 3 September. Four people with 75 yuan each stay in tier A:
    # 4 × 420 = 1680, 55 for the grandfather, 55 for the child: 1790 from October.
    outside.wait_until(at("2026-09-07T09:00"))
    report_birth(desks, outside)
    assert amounts(runtime)[date(2026, 10, 1)] == Decimal("1790.00")
    assert pay(desks, outside, "2026-09-25T08:00", "2026-10-10T08:00") == Decimal("1790.00")

    # The son has found work: 300 yuan each, 250 of 550 lacking, four tenths and more, so tier B.
    # 4 × 220 = 880, with the same two surcharges: 990 from November, after the family was heard.
    outside.wait_until(at("2026-10-12T09:00"))
    review(desks, outside)
    assert amounts(runtime)[date(2026, 11, 1)] == Decimal("990.00")
    assert pay(desks, outside, "2026-10-25T08:00", "2026-11-10T08:00") == Decimal("990.00")

    # The grandfather, who drew the money, dies on 12 November. Three people with 320 yuan each stay in tier B:
    # 3 × 220 = 660, and 55 for the child: 715 from December, paid to the grandmother.
    outside.wait_until(at("2026-11-13T09:00"))
    mourn(desks, outside)
    assert amounts(runtime)[date(2026, 12, 1)] == Decimal("715.00")
    assert pay(desks, outside, "2026-11-25T08:00", "2026-12-10T08:00") == Decimal("715.00")

    # The son earns enough for all: 1200 yuan each are above 550, and above one and a half times that, 825.
    # Nothing from January, after the family was heard.
    outside.wait_until(at("2026-12-11T09:00"))
    stop(desks, outside)
    assert ended(runtime) == date(2027, 1, 1)
    assert pay(desks, outside, "2026-12-25T08:00", "2027-01-10T08:00") is None

    # In all the bank paid what was decided, month by month: 1790 + 990 + 715.
    with runtime.read() as transaction:
        assert read_ledger(transaction)[f"{PAID_OUT}/{COUNTY}"] == Decimal("3495.00")
        assert transaction.execute(sa.select(t.incident.c.key)).all() == []
        acts = transaction.execute(sa.select(t.audit.c.action).where(t.audit.c.chain.startswith("case:"))).scalars()
        assert set(acts) <= set(ACTS)
        assert transaction.execute(sa.select(t.case.c.process).where(t.case.c.status == "open")).all() == []


def apply_by_wechat(browser: Browser) -> str:
    """Return the number of the application, filled in on a phone, one group of questions a page."""
    browser.client.environ_base["HTTP_USER_AGENT"] = WECHAT
    browser.get("/apply/application")
    browser.press("/apply/application", county=COUNTY, go="county")
    browser.press("/apply/application", township=HERE, go="township")
    others = [("刘秀英", GRANDMOTHER, "配偶", "1968-02-01"), ("王强", SON, "子女", "1995-04-08")]
    for page in (
        {"filled_by": "self", "applicant_name": "王建国", "id_no": GRANDFATHER, "phone": "13800373001",
         "place": "小冀镇东街三号", "area": "rural", "residence_code": HERE, "hukou_code": HERE},
        {name: value for at_, (who, id_no, relation, born) in enumerate(others) for name, value in {
            f"household_members[{at_}].member_name": who, f"household_members[{at_}].member_id_no": id_no,
            f"household_members[{at_}].relation": relation, f"household_members[{at_}].birth_date": born,
            f"household_members[{at_}].job": "farming", f"household_members[{at_}].health": "chronic",
            f"household_members[{at_}].lives_together": "true"}.items()},
        {"declared_income": "300", "payee_name": "王建国", "bank_account": CARD, "bank": "农商银行"},
        {"difficulty": "老人患病，儿子照料，种地收入不够生活", "disability_grade": "none"},
        {"consent_data": "true", "consent_sensitive": "true", "promise_true": "true"},
    ):  # fmt: skip
        answer = browser.press("/apply/application", go="next", **page)
        assert answer.status_code == 200, errors(browser.page)
    browser.press("/apply/application", go="submit")
    return re.search(r'class="number">([^<]+)<', browser.page)[1]


def accept_and_visit(desks: Desks, outside: Outside) -> None:
    desks.do("operator", "审查材料并受理", accept_result="accept")
    outside.wait_until(at("2026-07-01T10:00"))
    authorise(desks)
    visited(desks, "2026-07-01T09:30", persons="3", income="300")
    shown = desks.do("operator", "说明分类，本人确认", chosen=["dibao"], explained="已逐项说明条件、金额和时限")
    assert "建议：最低生活保障" in shown


def decide(desks: Desks, outside: Outside, expected: str) -> None:
    """Take the family's case from the check to the first month's roster."""
    outside.wait_until(at("2026-07-01T11:00"))
    desks.do("county", "形式审查", control_result="accept")
    outside.wait_until(at("2026-07-02T11:00"))
    desks.do("county", "审核素描点并签发报告", check_result="符合", signed=True)
    desks.do(
        "operator", "审查核对与调查结果", **FACTS, per_head_income="100", income_reason="种地收入按当地标准核定",
        work_ability="none", elders="1", minors="0", special_found="none", exam_note="核对与入户一致",
    )  # fmt: skip
    shown = desks.do(
        "operator", "提出初审意见", **{"opinion": "approve", "class": "A", "tier": "A", "amount": expected},
        opinion_reason="收入财产符合，家庭生活确有困难",
    )  # fmt: skip
    assert f"{Decimal(expected):,.2f}元" in re.sub(r"<[^>]+>", " ", shown)
    assert "入户调查 已入户，符合" in sheet(desks, "低保初审意见表")
    desks.do("operator", "张贴公示", posted_place="村务公开栏", posted_on="2026-07-02", hotline="0373-12345")
    outside.wait_until(at("2026-07-10T09:00"))
    desks.do("operator", "公示结束登记", taken_down=True)
    outside.wait_until(at("2026-07-10T10:00"))
    desks.do("approver", "乡镇确认", conclusion="approve")
    outside.wait_until(at("2026-07-10T11:00"))
    deliver(desks, "2026-07-10")
    outside.wait_until(at("2026-07-10T12:00"))
    desks.do("operator", "张贴公布", posted_place="村务公开栏", posted_on="2026-07-10")
    assert "1,315.00元" in notice(desks, "最低生活保障确认通知书")


def report_birth(desks: Desks, outside: Outside) -> None:
    desks.start(
        "assistant", "change_report", VILLAGE, reporter="周某", source="village_assistant", id_no=GRANDFATHER,
        change_kind="member_add", happened_on="2026-09-03", member_name="王小雨", relation="其他",
        birth_date="2026-09-03",
        detail="王强的女儿出生，母亲改嫁外省",
    )  # fmt: skip
    # The report names the family that was looked up, on the list and to whoever searches.
    assert "王建国" in re.sub(r"<[^>]+>", " ", desks.of("operator").get("/desk/?q=王建国").get_data(as_text=True))
    verify(desks)
    shown = recompute(desks, per_head_income="75", work_ability="none", persons="4", elders="1", minors="1")
    # The newborn has no identity number yet and is counted by the day of birth.
    assert offered(shown, "minors") == "1"
    desks.do("approver", "乡镇决定增发", raise_agreed="true", raise_basis="出生医学证明已核对，按规定核算")
    outside.wait_until(at("2026-09-07T11:00"))
    deliver(desks, "2026-09-07")
    assert "每月 1,790.00元" in notice(desks, "变更告知书")


def review(desks: Desks, outside: Outside) -> None:
    desks.start("operator", "dibao_review", HERE, id_no=GRANDFATHER, review_reason="儿子在服装厂找到工作")
    visited(desks, "2026-10-12T08:30", persons="4", income="1200")
    recompute(desks, per_head_income="300", work_ability="partial", persons="4", elders="1", minors="1")
    hear(desks, outside, "2026-10-12", "乡镇决定")
    assert "将原每月 1,790.00元调整为每月 990.00元" in notice(desks, "社会救助调整（终止）决定书")


def mourn(desks: Desks, outside: Outside) -> None:
    desks.start(
        "operator", "stop", HERE, id_no=GRANDFATHER, stop_reason="death", happened_on="2026-11-12", source="village",
        detail="村里报告，因病去世",
    )  # fmt: skip
    desks.do("operator", "核实", stop_true="true", confirm_note="已查看死亡证明")
    desks.do("approver", "确认停发", stop_confirmed="true", stop_note="证明齐全，家庭重新核查")
    desks.do(
        "operator", "确定新的领取人", new_name="刘秀英", new_id_no=GRANDMOTHER, new_payee="刘秀英",
        new_account=OTHER_CARD, new_bank="农业银行",
    )  # fmt: skip
    outside.wait_until(at("2026-11-13T10:00"))
    recompute(desks, per_head_income="320", work_ability="partial", persons="3", elders="0", minors="1")
    hear(desks, outside, "2026-11-13", "乡镇决定")
    assert "将原每月 990.00元调整为每月 715.00元" in notice(desks, "社会救助调整（终止）决定书")


def stop(desks: Desks, outside: Outside) -> None:
    desks.start(
        "operator", "change_report", HERE, reporter="刘秀英", source="citizen", id_no=GRANDMOTHER, change_kind="income",
        happened_on="2026-12-01", detail="儿子升任班长，工资足够全家生活",
    )  # fmt: skip
    verify(desks)
    recompute(desks, per_head_income="1200", work_ability="full", persons="3", elders="0", minors="1")
    hear(desks, outside, "2026-12-11", "乡镇决定")
    assert "终止发放原每月 715.00元的待遇" in notice(desks, "社会救助调整（终止）决定书")


def verify(desks: Desks) -> None:
    desks.do("operator", "核实变动", verify_result="true", verify_way="visit", verify_note="入户核实，情况属实")


def recompute(desks: Desks, **facts: str) -> str:
    return desks.do("operator", "填写变化后的情况", **{**FACTS, **facts}, facts_note="入户核实家庭收入和人口")


def offered(page: str, name: str) -> str | None:
    """Return what a field of the page is filled in with."""
    found = re.search(rf'<input\b(?=[^>]*\bname="{name}")[^>]*\bvalue="([^"]*)"', page)
    return found.group(1) if found else None


def hear(desks: Desks, outside: Outside, day: str, decision: str) -> None:
    """Tell the family what is intended, hear it, decide, tell it the decision."""
    desks.do("operator", "拟写告知书", hear_facts="家庭收入和人口有变化", hear_basis="最低生活保障审核确认办法第三十一条")
    outside.wait_until(at(f"{day}T11:00"))
    deliver(desks, day)
    desks.do("operator", "登记陈述申辩", hear_reply="情况属实，没有意见", hear_reply_way="phone")
    desks.do("approver", decision, hear_outcome="as_intended", decision_reason="经核实情况属实")
    outside.wait_until(at(f"{day}T12:00"))
    deliver(desks, day)


def authorise(desks: Desks) -> None:
    scope = ["household", "tax", "bank"]
    for who in ("王建国", "刘秀英", "王强"):
        desks.do(
            "operator", f"签署授权书（{who}）", signer=who, signer_as="本人", way="face", scope=scope, sensitive_consent=True
        )


def visited(desks: Desks, moment: str, persons: str, income: str) -> None:
    desks.do("operator", "指派两名调查人", investigator_1="name of operator", investigator_2="name of colleague")
    shown = desks.do("operator", "入户调查", **SURVEY, visit_at=moment, persons_found=persons, monthly_income=income)
    # What nobody has found yet stands empty, so that an untouched nought does not count as an answer.
    assert re.findall(r'name="(?:persons_found|monthly_income|monthly_cost)"[^>]* value="[^"]+"', shown) == []
    shown = desks.do("colleague", "第二调查人签字", survey_confirmed=True)
    assert "调查意见：符合。" in shown


def deliver(desks: Desks, day: str) -> None:
    desks.do(
        "operator", "送达并取得回执", delivered=True, delivery_way="hand", delivered_on=day, received_by="王建国"
    )


def pay(desks: Desks, outside: Outside, frozen: str, paid: str) -> Decimal | None:
    """Take the month's run from the frozen roster to the bank's statement; return what was paid."""
    before = len(outside.files)
    outside.wait_until(at(frozen))
    outside.begin("payroll", "start_payroll", COUNTY)
    if "确认本乡镇名册" in desks.waiting("approver"):
        desks.do("approver", "确认本乡镇名册", confirmed=True)
    outside.wait_until(at(frozen))
    desks.do("county", "编制发放表")
    desks.do("decider", "复核发放表", review="approve")
    if "拨付资金" in desks.waiting("finance"):
        desks.do("finance", "拨付资金", release_voucher="新财社2026-1001")
    outside.wait_until(at(paid))
    desks.do("decider", "签认对账结果", signed=True)
    files = list(outside.files.values())[before:]
    return files[0]["batch_total"] if files else None


def notice(desks: Desks, title: str) -> str:
    """Return the text of the newest notice of this title, which says what can be done against it."""
    text = sheet(desks, title)
    assert "行政复议" in text, text
    return text


def sheet(desks: Desks, title: str) -> str:
    """Return the text of the newest document of this title, as the operator opens it."""
    browser = desks.of("operator")
    with browser.client.application.extensions["runtime"].read() as transaction:
        query = sa.select(t.document.c.key).where(t.document.c.title == title).order_by(t.document.c.key.desc())
        key = transaction.execute(query).scalars().first()
    assert key is not None, title
    page = browser.get(f"/desk/documents/{key}").get_data(as_text=True)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def amounts(runtime: Runtime) -> dict[date, Decimal]:
    with runtime.read() as transaction:
        rows = transaction.execute(sa.select(roster_amount.c.valid_from, roster_amount.c.amount).order_by(roster_amount.c.key))
        return {row.valid_from: yuan(row.amount) for row in rows}


def ended(runtime: Runtime) -> date | None:
    with runtime.read() as transaction:
        return transaction.execute(sa.select(roster.c.until)).scalar_one()


def channel_of(runtime: Runtime, number: str) -> str:
    with runtime.read() as transaction:
        return str(transaction.execute(sa.select(t.case.c.channel).where(t.case.c.number == number)).scalar_one())


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
