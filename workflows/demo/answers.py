"""What the demo's people enter into the tasks of a relief case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from workflows.demo.scripts import NOW, TODAY, Answer, in_days, operator

Answers = Mapping[str, Sequence[Answer]]
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_SCOPE = ("household", "social_insurance", "vehicle", "bank")
_ALONE = {"area": "rural", "household_members": []}


def urgent(need: Mapping[str, Any], random: Random) -> Answers:
    """Return the answers of a case that is helped first: duty, decision, handing over, paperwork."""
    decision = {
        "approved": True,
        "amount": need["requested"],
        "decided_how": random.choice(("app", "phone", "on_site")),
        "duplicate_checked": True,
        "decision_reason": "",
    }
    decide = Answer(decision, random.uniform(0.3, 4) * _HOUR, at_once=True)
    return {
        "task_duty": [Answer({"duty_on_way": True, "duty_note": "已电话联系,正赶往现场"}, 0.2 * _HOUR, at_once=True)],
        "task_intake": [Answer(_intake(need, danger=True), random.uniform(0.5, 3) * _HOUR, at_once=True)],
        "task_county_intake": [Answer(_intake(need, danger=True), random.uniform(0.5, 3) * _HOUR, at_once=True)],
        "task_approve": [decide],
        "task_county_approve": [decide],
        **_paying(need, random),
        "task_paperwork": [Answer(paperwork("none"), random.uniform(0.5, 3.5) * _DAY)],
        "task_facts": [Answer(_after_relief(need), random.uniform(1, 6) * _DAY)],
        "task_sort": [
            Answer({"chosen": ["rigid"], "sort_note": "已说明政策,本人愿意办理"}, random.uniform(1, 8) * _HOUR)
        ],
        "task_referral": [
            Answer({"referred_to": "县社会救助服务中心", "referred_on": TODAY}, random.uniform(0.5, 3) * _DAY)
        ],
    }


def general(need: Mapping[str, Any], random: Random, *, track: str = "T3", opinion: str = "approve") -> Answers:
    """Return the answers of the general procedure: intake, visit, opinion, publicity, decision, delivery."""
    decision = {
        "decision": opinion,
        "amount": need["requested"],
        "decision_reason": "" if opinion == "approve" else "家庭有能力自行解决,不符合救助条件",
        "duplicate_checked": True,
    }
    decide = Answer(decision, random.uniform(3, 30) * _HOUR)
    return {
        "task_intake": [Answer(_intake(need, danger=False), random.uniform(1, 20) * _HOUR)],
        **visited(need, random),
        **checked(need["applicant_name"], random),
        "task_opinion": [Answer(_opinion(need, track, opinion), random.uniform(4, 40) * _HOUR)],
        "task_plan": [Answer({"instalments": _instalments(need)}, random.uniform(2, 20) * _HOUR)],
        "task_post": [
            Answer(
                {"posted_place": "村务公开栏", "posted_on": TODAY, "hotline": "03733051234"},
                random.uniform(1, 20) * _HOUR,
            )
        ],
        "task_close": [Answer({"taken_down": True}, random.uniform(1, 6) * _HOUR)],
        "task_decide": [decide],
        "task_county_decide": [decide],
        **_paying(need, random),
        "task_instalment": [
            Answer(
                {"instalment_decision": "pay", "instalment_note": "情况未变,按期发放"}, random.uniform(2, 20) * _HOUR
            )
        ]
        * 4,
        "task_dossier": [Answer(_dossier(need), random.uniform(1, 3) * _DAY)],
        "task_conference": [Answer(_conference(need), random.uniform(2, 6) * _DAY)],
        **delivered(need["applicant_name"], random),
    }


def checked(name: str, random: Random) -> Answers:
    """Return the answers of an economic check of somebody who lives alone: household, authorisation, control, report."""
    signed = {"signer": name, "signer_as": "本人", "way": "face", "scope": _SCOPE, "sensitive_consent": True}
    return {
        "relief_means/task_family": [Answer(_ALONE, random.uniform(1, 5) * _HOUR)],
        "authorisation/task_sign": [Answer(signed, random.uniform(1, 8) * _HOUR)],
        "check/task_control": [Answer({"control_result": "accept"}, random.uniform(1, 6) * _HOUR)],
        "check/task_sign": [Answer({"check_result": "符合", "signed": True}, random.uniform(2, 8) * _HOUR)],
    }


def soon(values: Mapping[str, Any], random: Random) -> list[Answer]:
    """Return one answer, given within some hours."""
    return [Answer(values, random.uniform(1, 6) * _HOUR)]


def delivered(name: str, random: Random) -> Answers:
    """Return the delivery of a notice into the person's hands."""
    receipt = {"delivered": True, "delivery_way": "hand", "delivered_on": TODAY, "received_by": name}
    return {"delivery/task_deliver": [Answer(receipt, random.uniform(4, 30) * _HOUR)]}


def paperwork(aftercare: str) -> Mapping[str, Any]:
    """Return the completed paperwork; ``aftercare`` is ``sort`` when longer help may be due."""
    done = ("identity_proof", "cause_proof", "signatures", "receipt", "visit_done", "check_entrusted")
    return {
        **dict.fromkeys(done, True),
        "no_photo_reason": "夜间抢险,由两名工作人员现场见证",
        "aftercare": aftercare,
    }


def overdue(decision: str, random: Random) -> Answers:
    """Return the county's decisions on overdue paperwork: ``extend``, ``accept`` or ``false`` with its recovery."""
    notes = {
        "extend": "证明材料在补办,同意延期一次",
        "accept": "经核对现有材料,予以认可",
        "false": "经核查所报事由不属实",
    }
    wait = random.uniform(3, 20) * _HOUR
    first = Answer({"overdue_decision": decision, "overdue_note": notes[decision], "aftercare": "none"}, wait)
    return {"task_paperwork": [], "task_overdue": [first], **(claimed(random) if decision == "false" else {})}


def claimed(random: Random) -> Answers:
    """Return the answers of a claim for money paid wrongly, until somebody decides: all is claimed, in one sum."""
    proposed = {
        "refund_way": "refund",
        "instalments": 1,
        "fine": 0,
        "recover_basis": "社会救助法第七十三条,所报事由不属实",
    }
    told = {"hear_facts": "所报事由不属实,应予退还", "hear_basis": "社会救助法第七十三条"}
    return {
        "recovery/task_propose": [Answer(proposed, random.uniform(1, 3) * _DAY, of_page=_whole_claim)],
        "hearing/task_intent": soon(told, random),
        **delivered("本人", random),
    }


def _whole_claim(page: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"recover_amount": page["recover_amount"]}


def objected(facts: str) -> Mapping[str, Any]:
    """Return an objection found true, which leads to a new survey."""
    return {
        "named": True,
        "objector": "村民代表",
        "objection_facts": facts,
        "objection_answer": "已重新安排入户调查",
        "objection": True,
    }


def _intake(need: Mapping[str, Any], *, danger: bool) -> Mapping[str, Any]:
    names = ("place", "cause", "persons", "group", "requested", "way", "payee_name", "bank_account")
    reason = {} if danger else {"no_danger_reason": "经电话核实,当前住处安全,无紧急危险"}
    return {
        **{name: need[name] for name in names},
        **reason,
        "danger_now": danger,
        "phone_consent": "申请人电话确认属实",
    }


def _paying(need: Mapping[str, Any], random: Random) -> Answers:
    served = {"service_to": "县社会福利中心", "service_accepted": True}
    again = {"payee_name": need["payee_name"], "bank_account": need["bank_account"], "way": "cash"}
    hand_over = Answer(_handover(), random.uniform(0.5, 5) * _HOUR)
    return {
        "task_handover": [hand_over] * 2,
        "task_service": [Answer(served, random.uniform(1, 8) * _HOUR)],
        "task_account": [Answer(again, random.uniform(4, 30) * _HOUR)],
        "task_county_fund": [Answer({"county_fund_agreed": True}, random.uniform(0.5, 2) * _HOUR, at_once=True)],
    }


def _handover() -> Mapping[str, Any]:
    return {
        "goods_list": "大米、食用油、棉被",
        "witness_1": "村委会主任",
        "witness_2": "村民小组长",
        "receipt_signed": True,
    }


def _after_relief(need: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "area": "rural",
        "persons": need["persons"],
        "household_members": [],
        "monthly_income": 1000 * need["persons"],
        "hard_expenses": True,
        "disability_grade": "none",
        "aftercare_note": "家庭主要劳动力丧失收入,医疗支出仍然很大",
    }


def visited(need: Mapping[str, Any], random: Random) -> Answers:
    """Return the answers of a home visit: two investigators, the survey, a neighbour, the second signature."""
    survey = {
        "visit_at": NOW,
        "place_checkin": need["place"],
        "not_home": False,
        "persons_found": need["persons"],
        "dwelling": random.choice(("own_brick", "own_old", "rented")),
        "rooms": random.randrange(1, 5),
        "living_note": "家中陈设简单,近期支出明显增加",
        "monthly_income": random.randrange(3, 20) * 100,
        "monthly_cost": random.randrange(15, 60) * 100,
        "neighbours": [{"neighbour_name": "邻居赵某", "neighbour_phone": ""}],
        "suggestion": "fits",
        "member_signed": True,
        "survey_note": "",
    }
    return {
        "task_assign": [
            Answer({"investigator_1": operator(1), "investigator_2": operator(2)}, random.uniform(1, 8) * _HOUR)
        ],
        "task_survey": [Answer(survey, random.uniform(4, 40) * _HOUR)],
        "task_neighbour": [
            Answer({"not_relative": True, "statement": "所说情况属实,家里确实困难"}, random.uniform(0.5, 3) * _HOUR)
        ],
        "task_sign": [Answer({"survey_confirmed": True}, random.uniform(1, 8) * _HOUR, person=2)],
    }


def _opinion(need: Mapping[str, Any], track: str, opinion: str) -> Mapping[str, Any]:
    return {
        "opinion": opinion,
        "track": track,
        "track_reason": "根据入户调查情况确定",
        "persons": need["persons"],
        "group": need["group"],
        "months": 6,
        "amount": need["requested"] if opinion == "approve" else 0,
        "opinion_reason": "经入户调查,情况属实" if opinion == "approve" else "家庭收入足以负担,建议不予救助",
    }


def _instalments(need: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    half = int(need["requested"]) // 2
    return [
        {"date": in_days(20), "amount": half, "condition": "仍在治疗"},
        {"date": in_days(50), "amount": int(need["requested"]) - half, "condition": "仍无收入"},
    ]


def _dossier(need: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "dossier": "该户因重大疾病支出巨大,超出一般救助上限,建议一事一议。",
        "departments": ["finance", "medical", "health"],
        "proposed_amount": need["requested"],
    }


def _conference(need: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "conference_approved": True,
        "granted": need["requested"],
        "decision_reason": "会议同意按一事一议给予救助",
    }
