"""What a household gets: class by ability, tier by the gap, amount by D6, in the numbers in force on 2026-09-24."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from engine.bundle import policy_in_force, read_library
from engine.clock import SHANGHAI
from engine.dmn import load
from engine.feel import Environment

ROOT = Path(__file__).parents[2]
LIBRARY = read_library(ROOT / "bpmn")
ENVIRONMENT = Environment(datetime(2026, 9, 24, 20, tzinfo=SHANGHAI), LIBRARY.calendar)
ENTRIES = {key: entry for numbers in LIBRARY.policies.values() for key, entry in numbers.items()}
AMOUNTS = load((ROOT / "bpmn/shared/dibao_amount.dmn").read_bytes(), file="dibao_amount.dmn")
STANDARD = {"rural": Decimal(550), "city": Decimal(667)}


def decided(decision: str, changed: dict[str, object] | None = None, **given: object):
    numbers = policy_in_force(ENTRIES, date(2026, 9, 24), "410721")
    numbers["dibao"]["single"] |= changed or {}
    found = AMOUNTS.evaluate(decision, {**given, "policy": numbers}, ENVIRONMENT)
    assert list(found.problems) == []
    return found.value


def amount(area: str, income: str, persons: int, single: bool = False, changed: dict[str, object] | None = None, **n):
    groups = {name: Decimal(n.get(name, 0)) for name in ("elders", "minors", "severe", "serious")}
    household = {"per_head_income": Decimal(income), "persons": Decimal(persons), "single": single, **groups}
    return decided("d6_amount", changed, area=area, standard=STANDARD[area], **household)


@pytest.mark.parametrize(
    ("area", "income", "persons", "tier", "yuan"),
    [
        ("rural", "165", 3, "A", 1260),  # the gap is exactly 70 % of 550
        ("rural", "165.01", 3, "B", 660),
        ("rural", "330", 2, "B", 440),  # exactly 40 %
        ("rural", "330.01", 2, "C", 380),
        ("city", "300.55", 3, "", 1100),  # 1099.35, to the yuan above
        ("city", "666.99", 1, "", 1),
    ],
)
def test_villages_pay_by_tier_and_cities_the_gap(area, income, persons, tier, yuan):
    found = amount(area, income, persons)

    assert (found["tier"], found["amount"]) == (tier, yuan)


def test_the_elderly_children_disabled_and_ill_get_more():
    found = amount("rural", "165", 4, elders=1, minors=2, severe=1, serious=1)

    # 4 x 420, and of 550: 10 % for each of three, 20 % for each of two
    assert (found["base"], found["surcharge"], found["amount"]) == (1680, Decimal("385"), 2065)


def test_a_single_person_gets_the_highest_tier_or_the_standard():
    assert amount("rural", "700", 1, single=True)["amount"] == 420
    assert amount("rural", "700", 1, single=True, changed={"basis": "standard"})["amount"] == 550


@pytest.mark.parametrize(
    ("ability", "stable", "expected"),
    [("none", True, "A"), ("none", False, "C"), ("partial", True, "B"), ("partial", False, "C"), ("full", True, "C")],
)
def test_the_class_follows_the_ability_to_work(ability, stable, expected):
    assert decided("dibao_class", work_ability=ability, stable_income=stable) == expected
