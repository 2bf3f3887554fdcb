"""A living-allowance application whose check asks the simulated departments over real HTTP, until the report is signed.

One source breaks off once, one answers later, one never; one person's insured wage and taxed income contradict each
other; the clock is moved from working day to working day.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.clock import FixedClock
from engine.jobs.run import run_due
from engine.queries.waiting import open_tasks
from engine.rehearsal.player import Player
from engine.runtime import Runtime
from engine.scenario import Scenario, read_scenarios
from engine.store import tables as t
from workflows.connectors import remote_services
from workflows.connectors.http import Department
from workflows.departments import Server, serve
from workflows.departments.households import families
from workflows.departments.source_desk import SourceManner
from workflows.registers.checks import CheckRegister
from workflows.registers.tables import check_report, sketch_point
from workflows.stage import BureauStage

FOLDER = Path(__file__).parents[3] / "bpmn" / "dibao"
COMMON = "scenarios/common.yaml"
FAMILY = next(family for family in families() if any(member.person.life == "two_jobs" for member in family.members))
HUSBAND, WIFE, CHILD = FAMILY.members
SCOPE = "[household, tax, social_insurance, real_estate, vehicle, disability, bank]"
STORY = f"""
name: 三口之家申请低保，各部门经接口答复
on: 2026-09-21T09:00
start:
  by: township_operator
  at: 410721101
  data:
    applicant_name: {HUSBAND.name}
    id_no: "{HUSBAND.person.id_no}"
    household_members:
      - {{member_name: {WIFE.name}, member_id_no: "{WIFE.person.id_no}", birth_date: {WIFE.person.born}, relation: 配偶,
         job: flexible, health: healthy, lives_together: true}}
      - {{member_name: {CHILD.name}, member_id_no: "{CHILD.person.id_no}", birth_date: {CHILD.person.born}, relation: 子女,
         job: student, health: healthy, lives_together: true}}
steps:
  - complete: 签署授权书
    in: {HUSBAND.name}
    by: township_operator
    data: {{signer: {HUSBAND.name}, scope: {SCOPE}}}
  - complete: 签署授权书
    in: {WIFE.name}
    by: township_operator
    data: {{signer: {WIFE.name}, scope: {SCOPE}}}
  - complete: 签署授权书
    in: {CHILD.name}
    by: township_operator
    data: {{signer: {HUSBAND.name}, signer_as: 监护人, guardian_relation: 父亲, scope: {SCOPE}}}
  - complete: 形式审查
    by: county_operator
  - complete: 审核素描点并签发报告
    by: county_operator
    data: {{check_result: 数据缺失, operator_note: 金融机构逾期没有答复，配偶的缴费工资与报税收入不一致}}
expect: {{}}
"""
MANNERS = {
    "police": SourceManner.PROMPT, "housing": SourceManner.PROMPT, "disabled_federation": SourceManner.PROMPT,
    "tax": SourceManner.DROP_ONCE, "human_resources": SourceManner.LATER, "finance": SourceManner.SILENT,
}  # fmt: skip


@pytest.fixture
def server(tmp_path: Path):
    with serve(tmp_path / "departments.db", slow_seconds=5) as running:
        for source, manner in MANNERS.items():
            running.site.sources.order(source, manner, 1)
        yield running


@pytest.fixture
def scenario() -> Scenario:
    (found,) = read_scenarios({COMMON: (FOLDER / COMMON).read_bytes(), "scenarios/http.yaml": STORY.encode()})
    return found


@pytest.fixture
def clock(scenario: Scenario) -> FixedClock:
    return FixedClock(scenario.on)


@pytest.fixture
def city(in_memory: BureauStage, clock: FixedClock, server: Server):
    with in_memory.city(clock) as played:
        asking = remote_services(
            Department(server.url, seconds=2), lambda _role, _region: None, lambda _batch, _part: None
        )
        yield replace(played, connectors=asking)


def test_the_check_of_an_application_asks_departments_until_each_answered_or_is_late(
    city: Runtime, clock: FixedClock, scenario: Scenario, server: Server
) -> None:
    player = Player(city, clock, scenario, "dibao")
    player.engage()
    *steps, sign = scenario.steps
    for step in (scenario.start, *steps):
        player.do(step)

    for _half_day in range(20):
        run_due(city)
        if signable(city):
            break
        clock.advance(timedelta(hours=12))
    tried = {row["source"]: (row["tries"], row["members"]) for row in server.site.queries.queries()}
    assert tried.keys() == MANNERS.keys()
    assert tried["police"] == (1, 3)
    assert tried["tax"] == (2, 3)
    assert tried["human_resources"] == (3, 3)
    assert tried["finance"][0] > 2
    assert Counter(row["source"] for row in server.site.queries.reminders()) == {"finance": 1, "human_resources": 1}

    player.do(sign)
    run_due(city)
    with city.read() as transaction:
        report = transaction.execute(check_report.select()).one()
        points = {
            (row.item, row.severity, row.source, row.member) for row in transaction.execute(sketch_point.select())
        }
        calls = CheckRegister(city.keyring).calls(transaction, report.request)
        cases = transaction.execute(t.case.select().where(t.case.c.status == "open")).all()
    assert {call.source: call.status for call in calls} == dict.fromkeys(MANNERS, "answered") | {"finance": "missing"}
    assert (report.result, report.missing) == ("数据缺失", "银行、证券、保险、非银行支付（省级平台）")
    assert report.issued_at.date() == date(2026, 9, 25)
    assert ("income_conflict", "conflict", "tax", "2") in points
    assert ("missing", "verify", "finance", "") in points
    # The report does not wait for who is late: the application goes on, another case asks on for the same query.
    assert {row.process for row in cases} == {"dibao", "check_supplement"}
    asked = [row["source"] for row in server.site.queries.queries()]
    assert Counter(asked) == dict.fromkeys(MANNERS, 1)


def signable(city: Runtime) -> bool:
    with city.read() as transaction:
        return any(task.element == "task_sign" for task in open_tasks(transaction))
