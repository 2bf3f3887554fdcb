"""The decision vectors of the policy specification, against every table of the repository that answers them.

Vectors bring only the inputs they are about; the others are given as null, as an unanswered field is.
"""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.bundle import policy_in_force, read_library
from engine.clock import SHANGHAI
from engine.dmn import Model, load
from engine.feel import Environment, evaluate

ROOT = Path(__file__).parent.parent
VECTORS = json.loads((ROOT / "tests/data/decision_vectors.json").read_text("utf-8"), parse_float=Decimal)
LIBRARY = read_library(ROOT / "bpmn")
ENVIRONMENT = Environment(datetime(2026, 9, 24, 20, tzinfo=SHANGHAI), LIBRARY.calendar)

# Tables of programmes that do not exist yet. A table that is built leaves this list, or the first test fails.
NOT_BUILT = {"D8-ability", "D9", "D15"}
# Arithmetic that is not a decision: working days are FEEL's, bursaries have no table yet, and the end of publicity
# follows the ruling (the day of posting is not counted), which the publicity process's scenarios show.
NOT_TABLES = {"workday_add", "bursary_total", "bursary_monthly", "publicity_end"}

# The specification's word where FEEL reserves it: item is the element of a list filter.
RENAMED = {"item": "matter"}


PARENTS = ("father", "mother")


def entered(name: str, value: Any) -> Any:
    """Return an input as the table takes it: a parent of a vector is a status that may end in its months."""
    if name not in PARENTS:
        return value
    status, _, months = value.rpartition("_")
    if not months.endswith("m") or not months[:-1].isdigit():
        return {"status": value, "months": Decimal(0)}
    return {"status": status, "months": Decimal(months[:-1])}


def tables() -> dict[str, tuple[Model, str]]:
    """Return the model and decision id of each table that a vector asks for, ``D8-ability`` as ``d8_ability…``."""
    found: dict[str, tuple[Model, str]] = {}
    prefixes = {vector["table"]: vector["table"].lower().replace("-", "_") for vector in VECTORS}
    for path in sorted((ROOT / "bpmn").rglob("*.dmn")):
        model = load(path.read_bytes(), file=str(path.relative_to(ROOT)))
        for decision in (each for each in model.decisions if each.table is not None):
            for name, prefix in prefixes.items():
                if f"{decision.id}_".startswith(f"{prefix}_"):
                    found[name] = model, decision.id
    return found


def policy() -> dict[str, Any]:
    entries = {key: entry for numbers in LIBRARY.policies.values() for key, entry in numbers.items()}
    return policy_in_force(entries, date(2026, 9, 24), "410721")


TABLES = tables()
TO_RUN = [vector for vector in VECTORS if vector["table"] in TABLES]


def described(vector: dict[str, Any]) -> str:
    return f"{vector['table']} {vector['input']}"


def test_every_vector_has_its_table_or_is_listed_as_not_built():
    assert {vector["table"] for vector in VECTORS} - set(TABLES) == NOT_BUILT | NOT_TABLES


@pytest.mark.parametrize("vector", TO_RUN, ids=described)
def test_the_table_answers_as_the_specification_says(vector):
    model, decision = TABLES[vector["table"]]
    needed = model.decision(decision).reads - {"policy", "case"}
    given = {RENAMED.get(name, name): entered(name, value) for name, value in vector["input"].items()}
    assert set(given) <= needed
    inputs = dict.fromkeys(needed) | given | {"policy": policy()}

    found = model.evaluate(decision, inputs, ENVIRONMENT)

    assert (found.value, list(found.problems)) == (vector["expect"], [])
    assert all(hit.annotations for hit in found.hits), "a rule without its source"


@pytest.mark.parametrize("vector", [each for each in VECTORS if each["table"] == "workday_add"], ids=described)
def test_working_days_end_as_the_specification_says(vector):
    context = {"start": date.fromisoformat(vector["input"]["start"]), "wd": vector["input"]["wd"]}

    assert evaluate("workdays after(start, wd)", context, ENVIRONMENT) == date.fromisoformat(vector["expect"])
