"""A county delegates decisions and takes them back: from that day on it decides, also what was waiting for a township."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.bundle import read_library
from engine.clock import FixedClock
from engine.commands.claim_task import claim_task
from engine.commands.complete_task import complete_task
from engine.errors import Conflict, Forbidden, Invalid
from engine.model import Actor, Grant
from engine.rehearsal.player import Player
from engine.runtime import Runtime
from engine.scenario import Scenario, read_scenarios
from engine.store import tables as t
from engine.store.user_tasks import TASK_COLUMNS, TaskRow
from workflows.commands.record_delegation import record_delegation
from workflows.commands.revoke_delegation import revoke_delegation
from workflows.registers import delegations
from workflows.registers.delegations import InForce
from workflows.registers.entries import read_register

LIBRARY = read_library(Path(__file__).parents[3] / "bpmn")
TOWNSHIP, NEIGHBOUR, COUNTY = "410721101", "410721102", "410721"
DECIDER = Actor(77, "县级确认人", (Grant("county_approver", COUNTY),))
WHY = "该镇连续两季抽查不合格"


def heard(title: str) -> Scenario:
    """Return the scenario of a hearing, in which a township has to decide."""
    return next(one for one in read_scenarios(LIBRARY.folders["hearing"]) if title in one.name)


@pytest.fixture
def waiting(stage) -> Iterator[tuple[Runtime, FixedClock, Player]]:
    """Yield a city in which the township is about to reduce a family's living allowance."""
    scenario = heard("G11")
    with stage.city(clock := FixedClock(scenario.on)) as city:
        player = Player(city, clock, scenario, "hearing")
        player.engage()
        for step in (scenario.start, *scenario.steps[1:5]):
            player.do(step)
        yield city, clock, player


def open_task(city: Runtime) -> TaskRow:
    """Return the one open task."""
    with city.read() as transaction:
        return TaskRow(*transaction.execute(sa.select(*TASK_COLUMNS).where(t.user_task.c.status == "open")).one())


def revoke(city: Runtime, actor: Actor = DECIDER, region: str = TOWNSHIP, item: str = "dibao", reason: str = WHY):
    """Revoke in a transaction of its own."""
    return city.attempt(
        lambda transaction: revoke_delegation(city, transaction, actor, region=region, item=item, reason=reason)
    )


def give(city: Runtime, actor: Actor = DECIDER, **otherwise: object):
    """Record a delegation in a transaction of its own."""
    said = {
        "region": TOWNSHIP, "item": "temp", "limit": Decimal(3000), "since": date(2026, 9, 21), "until": None,
        "decision": "新民〔2026〕8号", "reason": "试点", **otherwise,
    }  # fmt: skip
    return city.attempt(lambda transaction: record_delegation(city, transaction, actor, **said))


def test_revoking_moves_what_waits_up_to_the_county_and_its_clock_runs_on(waiting):
    city, clock, player = waiting
    before = open_task(city)
    approver = Actor(78, "镇审核人", (Grant("township_approver", TOWNSHIP),))
    city.attempt(lambda transaction: claim_task(city, transaction, approver, task=before.key))
    clock.advance(timedelta(hours=2))

    assert revoke(city).handed_up == 1

    after = open_task(city)
    assert (after.key, after.due_at, after.created_at) == (before.key, before.due_at, before.created_at)
    assert (after.role, after.region, after.assignee) == ("county_approver", COUNTY, None)
    with pytest.raises(Forbidden), city.write() as transaction:
        complete_task(city, transaction, approver, task=after.key, revision=after.revision, values={})
    with pytest.raises(Conflict), city.write() as transaction:
        complete_task(city, transaction, DECIDER, task=after.key, revision=before.revision, values={})
    decide = player.scenario.steps[5]
    player.do(replace(decide, by=replace(decide.by, role="county_approver")))
    with city.read() as transaction:
        assert read_register(transaction, player.case)["decisions"] == ["as_intended/county"]


def test_what_is_of_another_matter_or_another_place_stays_with_the_township(waiting):
    city, _, _ = waiting

    assert revoke(city, item="tekun").handed_up == revoke(city, region=NEIGHBOUR).handed_up == 0

    assert open_task(city).role == "township_approver"


def test_who_does_not_decide_there_revokes_and_gives_nothing_and_every_change_leaves_a_trail(waiting):
    city, _, _ = waiting
    elsewhere = replace(DECIDER, grants=(Grant("county_approver", "410702"),))
    township = replace(DECIDER, grants=(Grant("township_approver", TOWNSHIP),))
    for stranger in (elsewhere, township):
        with pytest.raises(Forbidden):
            revoke(city, stranger)
        with pytest.raises(Forbidden):
            give(city, stranger)
    with pytest.raises(Invalid):
        revoke(city, reason=" ")
    give(city)
    revoke(city, item="temp")

    with city.read() as transaction:
        found = transaction.execute(
            sa.select(t.audit.c.action, t.audit.c.subject, t.audit.c.name).where(
                t.audit.c.chain == f"delegations:{COUNTY}"
            )
        ).all()
    subject = f"delegation:{TOWNSHIP}:temp"
    assert [tuple(row) for row in found] == [
        ("record_delegation", subject, DECIDER.name),
        ("revoke_delegation", subject, DECIDER.name),
    ]


def test_a_record_holds_from_its_first_to_its_last_day_and_is_given_anew_after_a_withdrawal(waiting):
    city, _, _ = waiting
    give(city, until=date(2026, 9, 30))
    revoke(city, item="dibao")
    give(city, item="dibao", limit=None, since=date(2026, 10, 8))

    with city.read() as transaction:
        found = [
            delegations.in_force(transaction, TOWNSHIP, item, date(2026, *day))
            for item, day in (("temp", (9, 30)), ("temp", (10, 1)), ("dibao", (10, 7)), ("dibao", (10, 8)))
        ]
    assert found == [InForce(True, 3000_00), InForce(False, 3000_00), InForce(False, None), InForce(True, None)]


@pytest.mark.parametrize(
    ("field", "value"),
    [("region", "410721101001"), ("region", "999999"), ("item", "child"), ("limit", None), ("limit", Decimal("0.001")),
     ("since", date(2026, 9, 20)), ("until", date(2026, 9, 1)), ("decision", " "), ("reason", "")],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_field(waiting, field, value):
    city, _, _ = waiting

    with pytest.raises(Invalid) as told:
        give(city, **{field: value})

    assert list(told.value.fields) == [field]
