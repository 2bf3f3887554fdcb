import json
from datetime import datetime
from decimal import Decimal

import pytest

from engine.bundle import FileError
from engine.clock import SHANGHAI
from engine.scenario import (
    AnswerJob,
    Complete,
    Refuse,
    SendMessage,
    SendSignal,
    Start,
    Wait,
    Who,
    read_scenario,
    read_scenarios,
    scenario_schema,
)
from engine.scenario.words import VERBS

FIRE = """\
name: 夜间火灾,先行救助,五个工作日内补齐手续
on: 2026-09-24T20:00            # the clock
start: {by: township_operator, at: 410721101, data: {cause: disaster, persons: 2, danger_now: true}}
steps:
  - complete: 先行救助审批
    by: township_approver
    data: {approved: true, amount: 1500}
  - job: bank_transfer
    returns: {paid: true}
  - job: bank_transfer
    error: BAD_ACCOUNT
    in: 3
  - job: bank_transfer
    times_out: true
  - refuse: {complete: 补齐手续, by: township_approver/2, at: 410721102, because: 非本人任务}
  - refuse: {start: {by: citizen, at: 410721101}, because: 重复}
  - wait: 2 workdays
  - wait: 1 minute
  - wait: until 2026-10-10T09:00
  - message: objection
    data: {text: 不同意}
  - signal: resolution.adopted
expect:
  end: 已补齐
  visited: [先行救助审批, 补齐手续]
  not_visited: 逾期转县级
  documents: [先行救助登记单]
  ledger: {reserve_fund/410721101: -1500.50}
  open: {补齐手续: township_operator}
"""


def test_the_example_of_the_dialect_becomes_typed_steps() -> None:
    scenario = read_scenario(FIRE.encode(), "scenarios/fire.yaml")
    assert scenario.on == datetime(2026, 9, 24, 20, tzinfo=SHANGHAI)
    assert scenario.start == Start(
        3,
        Who("township_operator"),
        "410721101",
        {"cause": "disaster", "persons": Decimal(2), "danger_now": True},
    )
    assert scenario.steps == (
        Complete(5, "先行救助审批", Who("township_approver"), {"approved": True, "amount": Decimal(1500)}),
        AnswerJob(8, "bank_transfer", "returns", {"paid": True}),
        AnswerJob(10, "bank_transfer", "error", {}, "BAD_ACCOUNT", "3"),
        AnswerJob(13, "bank_transfer", "times_out", {}),
        Refuse(15, Complete(15, "补齐手续", Who("township_approver", 2), {}, at="410721102"), "非本人任务"),
        Refuse(16, Start(16, Who("citizen"), "410721101", {}), "重复"),
        Wait(17, 2, "workdays"),
        Wait(18, 1, "minutes"),
        Wait(19, until=datetime(2026, 10, 10, 9, tzinfo=SHANGHAI)),
        SendMessage(20, "objection", {"text": "不同意"}),
        SendSignal(22, "resolution.adopted", {}),
    )
    expect = scenario.expect
    assert (expect.end, expect.not_visited, expect.documents) == ("已补齐", ("逾期转县级",), ("先行救助登记单",))
    assert expect.ledger == {"reserve_fund/410721101": Decimal("-1500.50")}
    assert expect.open == {"补齐手续": "township_operator"}
    assert expect.incident is None


def test_common_values_fill_what_a_scenario_leaves_out() -> None:
    files = {
        "scenarios/common.yaml": "forms: {f-10: {name: 张三, phone: '13800000000'}}".encode(),
        "scenarios/fire.yaml": FIRE.encode(),
        "relief.bpmn": b"",
    }
    (scenario,) = read_scenarios(files)
    assert scenario.data_for("f-10", {"name": "李四"}) == {"name": "李四", "phone": "13800000000"}
    assert scenario.data_for(None, {"amount": 1}) == {"amount": 1}


def test_nothing_open_is_an_expectation_and_silence_is_none() -> None:
    base = "name: x\non: 2026-01-01T08:00\nstart: {by: a, at: 4107}\nexpect: "
    assert read_scenario(f"{base}{{open: []}}".encode(), "x").expect.open == {}
    assert read_scenario(f"{base}{{}}".encode(), "x").expect.open is None


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("name: 夜间火灾,先行救助,五个工作日内补齐手续", "title: x", 1, "“name”"),
        ("2026-09-24T20:00 ", "2026-09-24 20:00 ", 2, "a moment"),
        ("2026-09-24T20:00 ", "2026-13-24T20:00 ", 2, "a moment"),
        ("by: township_operator,", "", 3, "“by”"),
        ("    by: township_approver\n", "", 5, "“by”"),
        ("by: township_approver/2", "by: zhang san", 15, "role id"),
        ("  - wait: 2 workdays", "  - wait: 2 weeks", 17, "2 workdays"),
        ("  - wait: 2 workdays", "  - wait: -2 days", 17, "2 workdays"),
        ("  - wait: 2 workdays", "  - move: Task_1", 17, "exactly one of"),
        ("  - wait: 2 workdays", "  - {wait: 2 days, signal: x}", 17, "exactly one of"),
        ("  - wait: 2 workdays", "  - wait", 17, "exactly one of"),
        (", because: 重复", "", 16, "“because”"),
        ("    times_out: true", "    times_out: soon", 14, "true or false"),
        ("    returns: {paid: true}", "    gives: {paid: true}", 9, "“gives”"),
        ("  end: 已补齐", "  ends: 已补齐", 24, "“ends”"),
        ("-1500.50", "much", 28, "a number"),
        ("data: {approved: true, amount: 1500}", "data: [1]", 7, "keys with values"),
        ("steps:", "steps: {}\nstep:", 5, "“step”"),
        ("steps:\n", "steps: &a\n", 4, "no anchors"),
    ],
)
def test_a_wrong_line_is_named(old: str, new: str, line: int, words: str) -> None:
    assert old in FIRE
    with pytest.raises(FileError) as refused:
        read_scenario(FIRE.replace(old, new).encode(), "scenarios/fire.yaml")
    found = next(found for found in refused.value.findings if words in found.message.en)
    assert found.file == "scenarios/fire.yaml"
    assert found.position is not None
    assert found.position.line == line


def test_findings_of_all_files_come_together() -> None:
    files = {"scenarios/a.yaml": b"name: a", "scenarios/b.yaml": b"[", "scenarios/common.yaml": b"form: {}"}
    with pytest.raises(FileError) as refused:
        read_scenarios(files)
    assert {found.file for found in refused.value.findings} == set(files)


def test_the_schema_offers_every_verb_and_refuses_other_keys() -> None:
    schema = json.loads(json.dumps(scenario_schema()))
    verbs = [set(shape["properties"]) for shape in schema["$defs"]["step"]["oneOf"]]
    assert verbs == [set(fields) for fields in VERBS.values()]
    assert all(shape["additionalProperties"] is False for shape in schema["$defs"]["step"]["oneOf"])
    assert schema["required"] == ["name", "on", "start", "expect"]
