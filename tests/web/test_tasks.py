"""A clerk at work: list, claim, draft, complete, conflict, correction."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from werkzeug.datastructures import FileStorage

from engine.commands.add_person import add_person
from engine.model import SYSTEM, Grant
from engine.runtime import Runtime
from engine.store import tables as t
from tests.web.conftest import HERE, PASSWORD

Enter = Callable[[str], object]


def first_task(browser: object) -> str:
    browser.get("/desk/")
    found = re.search(r'href="(/desk/tasks/\d+)"', browser.page)
    assert found is not None, browser.page
    return found[1]


def answers(browser: object) -> dict[str, str]:
    """Return what the open form holds, ready to be sent back."""
    page = browser.page
    typed = dict(re.findall(r'<input type="text" id="[^"]*" name="([^"]+)" value="([^"]*)"', page))
    for name, body in re.findall(r'<select id="[^"]*" name="([^"]+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        typed[name] = chosen[1] if chosen else ""
    return typed


DUTY = {"duty_on_way": "true", "duty_note": "已电话确认"}


def test_a_new_case_waits_for_the_township_and_nobody_else(signed_in: Enter, started: str) -> None:
    assert started in signed_in("operator").get("/desk/").get_data(as_text=True)
    assert started not in signed_in("stranger").get("/desk/").get_data(as_text=True)
    assert started not in signed_in("approver").get("/desk/").get_data(as_text=True)


def test_a_task_of_another_township_does_not_exist(signed_in: Enter, started: str) -> None:
    address = first_task(signed_in("operator"))
    stranger = signed_in("stranger")
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, do="complete", form="1:x").status_code == 404
    assert stranger.post(f"{address}/claim").status_code == 404


def test_a_start_form_offers_the_cases_of_the_place_alone(signed_in: Enter, started: str) -> None:
    form = "/desk/start/authorisation_withdrawal"
    assert started in signed_in("operator").get(form).get_data(as_text=True)
    assert started not in signed_in("stranger").get(form).get_data(as_text=True)


def test_the_page_of_a_task_says_everything(signed_in: Enter, started: str) -> None:
    operator = signed_in("operator")
    page = operator.get(first_task(operator)).get_data(as_text=True)
    for heading in ("表单", "这是什么案件", "文书", "已经做了什么", "在流程中的位置"):
        assert heading in page
    diagram = re.search(r'data-diagram="([^"]+)"', page)[1]
    xml = operator.get(diagram)
    assert xml.status_code == 200
    assert b"<bpmn" in xml.data
    assert "state-active" in page


def test_claiming_keeps_others_away_until_it_is_given_back(signed_in: Enter, started: str) -> None:
    operator, colleague = signed_in("operator"), signed_in("colleague")
    address = first_task(operator)
    assert operator.post(f"{address}/claim").status_code == 303
    refused = colleague.post(f"{address}/claim")
    assert refused.status_code == 409
    assert "name of operator" in refused.get_data(as_text=True)
    assert operator.post(f"{address}/unclaim").status_code == 303
    assert colleague.post(f"{address}/claim").status_code == 303


def test_a_draft_survives_and_needs_no_complete_form(signed_in: Enter, started: str) -> None:
    operator = signed_in("operator")
    address = first_task(operator)
    operator.get(address)
    saved = operator.press(f"{address}/draft", **{**answers(operator), "duty_note": "打过一次电话"})
    assert saved.status_code == 200
    assert "草稿已保存" in saved.get_data(as_text=True)
    assert "打过一次电话" in signed_in("operator").get(address).get_data(as_text=True)
    assert "打过一次电话" in signed_in("colleague").get(address).get_data(as_text=True)


def test_completing_moves_the_case_on(signed_in: Enter, started: str, runtime: Runtime) -> None:
    operator = signed_in("operator")
    address = first_task(operator)
    operator.get(address)
    done = operator.press(address, **{**answers(operator), **DUTY}, do="complete")
    assert done.status_code == 303, operator.page
    assert started in operator.get(done.headers["Location"]).get_data(as_text=True)
    assert started in operator.get("/desk/done").get_data(as_text=True)


def test_a_missing_field_is_told_with_everything_typed(signed_in: Enter, started: str) -> None:
    operator = signed_in("operator")
    address = first_task(operator)
    operator.get(address)
    typed = {**answers(operator), "duty_on_way": "", "duty_note": "已电话确认一次"}
    refused = operator.press(address, **typed, do="complete")
    assert refused.status_code == 422
    assert 'id="error-summary"' in operator.page
    assert 'value="已电话确认一次"' in operator.page


def test_a_foreign_field_is_ignored(signed_in: Enter, started: str, runtime: Runtime) -> None:
    operator = signed_in("operator")
    address = first_task(operator)
    operator.get(address)
    done = operator.press(address, **{**answers(operator), **DUTY, "amount_paid": "999999"}, do="complete")
    assert done.status_code == 303
    with runtime.read() as transaction:
        names = {row.name for row in transaction.execute(t.variable.select())}
    assert "amount_paid" not in names


def test_a_stale_page_is_refused_and_keeps_what_was_typed(signed_in: Enter, started: str) -> None:
    operator = signed_in("operator")
    address = first_task(operator)
    operator.get(address)
    stale = operator.page
    operator.post(f"{address}/claim")
    operator.page = stale
    refused = operator.press(address, **{**answers(operator), **DUTY}, do="complete")
    assert refused.status_code == 409
    assert 'value="已电话确认"' in operator.page


def test_who_comes_second_reads_who_was_first_and_can_copy_what_was_typed(signed_in: Enter, started: str) -> None:
    operator, colleague = signed_in("operator"), signed_in("colleague")
    address = first_task(operator)
    operator.get(address)
    colleague.get(address)
    operator.press(address, **{**answers(operator), **DUTY}, do="complete")
    late = colleague.press(address, **{**answers(colleague), **DUTY, "duty_note": "我也打了电话"}, do="complete")
    assert late.status_code == 409
    assert "name of operator" in colleague.page
    assert "我也打了电话" in colleague.page


def test_pressing_twice_completes_once(signed_in: Enter, started: str) -> None:
    operator = signed_in("operator")
    address = first_task(operator)
    operator.get(address)
    sent = operator.page, {**answers(operator), **DUTY}
    statuses = []
    for _ in range(2):
        operator.page = sent[0]
        statuses.append(operator.press(address, **sent[1], do="complete").status_code)
    assert statuses == [303, 303]


def test_dependent_fields_are_drawn_again(signed_in: Enter, started_without_danger: str) -> None:
    operator = signed_in("operator")
    address = first_task(operator)
    operator.get(address)
    wanted = re.search(r'name="danger_now" value="true"[^>]*data-affects="([^"]+)"', operator.page)
    assert wanted is not None
    part = operator.press(f"{address}/fields", **{**answers(operator), "danger_now": "true", "_parts": wanted[1]})
    assert part.status_code == 200
    assert part.get_data(as_text=True).count("hx-swap-oob") == len(wanted[1].split())


def test_a_colleague_can_take_over_with_a_reason(signed_in: Enter, started: str, runtime: Runtime) -> None:
    operator = signed_in("operator")
    address = first_task(operator)
    operator.get(address)
    colleague = re.search(r'value="(\d+)">name of colleague<', operator.page)[1]
    refused = operator.post(f"{address}/assign", person=colleague, reason=" ")
    assert refused.status_code == 422
    assert operator.post(f"{address}/assign", person=colleague, reason="今天请假").status_code == 303
    assert "name of colleague" in operator.get(address).get_data(as_text=True)


def test_a_completed_form_is_corrected_with_a_reason(signed_in: Enter, started: str) -> None:
    operator = signed_in("operator")
    address = first_task(operator)
    operator.get(address)
    operator.press(address, **{**answers(operator), **DUTY}, do="complete")
    operator.get(f"{address}/correct")
    typed = {**answers(operator), **DUTY, "duty_note": "改为上门确认"}
    without = operator.press(f"{address}/correct", **typed, correction_reason="", do="correct")
    assert without.status_code == 422
    assert "改为上门确认" in operator.page
    corrected = operator.press(f"{address}/correct", **typed, correction_reason="当时记错了", do="correct")
    assert corrected.status_code == 303
    page = operator.get(address).get_data(as_text=True)
    assert "改为上门确认" in page
    assert "当时记错了" in page


def test_starting_for_a_citizen_keeps_everything_when_something_is_wrong(signed_in: Enter) -> None:
    operator = signed_in("operator")
    operator.get("/desk/start/relief")
    refused = operator.press("/desk/start/relief", applicant_name="王五", start_region="410721102", do="start")
    assert refused.status_code == 422
    assert 'value="王五"' in operator.page
    elsewhere = operator.press("/desk/start/relief", applicant_name="王五", start_region="410702100", do="start")
    assert elsewhere.status_code in (403, 422)
    assert 'value="王五"' in operator.page


def test_a_township_starts_a_case_for_a_village_in_which_somebody_works(runtime: Runtime, signed_in: Enter) -> None:
    with runtime.write() as transaction:
        for login, place in (("director", f"{HERE}001"), ("elsewhere", "410702100001")):
            add_person(
                runtime, transaction, SYSTEM, login=login, name=f"name of {login}", password=PASSWORD,
                grants=(Grant("child_director", place),),
            )  # fmt: skip

    page = signed_in("operator").get("/desk/start/relief").get_data(as_text=True)

    assert re.findall(r'<option value="(\d+)"', page.split("</select>")[0]) == [HERE, f"{HERE}001"]
    assert f'value="{HERE}" selected' in page


def test_a_file_that_lies_costs_nothing_else(signed_in: Enter) -> None:
    operator = signed_in("operator")
    operator.get("/desk/start/relief")
    lying = FileStorage(io.BytesIO(b"MZ\x90"), filename="photo.png", content_type="image/png")
    refused = operator.press(
        "/desk/start/relief", applicant_name="王五", need_photo=lying, start_region="410721102", do="start"
    )
    assert refused.status_code == 422
    assert "内容与扩展名不符" in operator.page
    assert 'value="王五"' in operator.page


def test_a_case_page_tells_the_diagram_as_a_table(signed_in: Enter, started: str) -> None:
    operator = signed_in("operator")
    operator.get(f"/desk/cases?q={started}")
    case = re.search(r'href="(/desk/cases/\d+)"', operator.page)[1]
    page = operator.get(case).get_data(as_text=True)
    assert "走过的步骤" in page
    assert "经过" in page
    assert "410721198001011231" not in page
    assert signed_in("stranger").get(case).status_code == 404


def test_people_are_found_by_identity_number_and_phone(signed_in: Enter, started: str) -> None:
    operator = signed_in("operator")
    for q in ("410721198001011231", "13800138000", started):
        assert started in operator.get(f"/desk/cases?q={q}").get_data(as_text=True)
    assert started not in operator.get("/desk/cases?q=nobody").get_data(as_text=True)
    assert "去掉筛选条件" in operator.page


def test_the_pages_of_a_case_tell_which_rules_applied(signed_in: Enter, taken_down: str) -> None:
    approver = signed_in("approver")
    approver.get(first_task(approver))
    assert "适用规则：D11 救助类型 第 2 条" in approver.page
    approver.get(f"/desk/cases?q={taken_down}")
    approver.get(re.search(r'href="(/desk/cases/\d+)"', approver.page)[1])
    assert "适用规则：D11 救助类型 第 2 条" in approver.page
    assert "2026年临时救助意见：小额快救" in approver.page
    assert "适用规则：临时救助由谁审批、由哪一级备用金给付 第 5 条" in approver.page
