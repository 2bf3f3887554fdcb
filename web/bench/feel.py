"""What expressions and tables cost: evaluating compiled ones as gateways do, a large table, compiling."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.clock import SHANGHAI, Calendar
from engine.dmn import load
from engine.feel import Environment, compile_expression
from web.bench.figures import Figure, figure

_ENVIRONMENT = Environment(datetime(2026, 9, 24, 20, 0, tzinfo=SHANGHAI), Calendar({}))
_CONTEXT: dict[str, Any] = {
    "amount": Decimal(1200),
    "approved": True,
    "家庭 人口": Decimal(4),
    "户籍": {"类型": "农村"},
    "day": date(2026, 9, 1),
    "policy": {"limit": Decimal(3000)},
    "reasons": ["火灾", "疾病"],
}
_GATEWAYS = (
    "amount > 1000",
    "not(approved)",
    "approved and amount <= policy.limit",
    '家庭 人口 >= 3 and 户籍.类型 = "农村"',
    "amount * 1.2 - 100 > policy.limit",
    'day < @"2026-10-01"',
    "amount in [1..2000]",
    "count(reasons) > 1",
    'if approved then "pay" else "refuse"',
)
_SAMPLES, _TABLE_SAMPLES = 200, 40
_RULES = 400
INPUTS: dict[str, Any] = {"amount": Decimal(399_500), "region": "r399"}
"""What only the last rule of the table accepts, so that none is skipped."""


def measure() -> dict[str, Any]:
    """Return the CPU time of evaluating and of compiling gateway-like expressions, and of deciding by 400 rules."""
    compiled = [compile_expression(text, _CONTEXT) for text in _GATEWAYS]
    decision = load(table(_RULES))
    return {
        "evaluate_us": _spent(lambda: [one.evaluate(_CONTEXT, _ENVIRONMENT) for one in compiled], len(compiled)),
        "compile_us": _spent(lambda: [compile_expression(text, _CONTEXT) for text in _GATEWAYS], len(_GATEWAYS)),
        "decide_400_rules_us": _spent(lambda: decision.evaluate("bench", INPUTS, _ENVIRONMENT), 1, _TABLE_SAMPLES),
    }


def _spent(work: Callable[[], object], count: int, samples: int = _SAMPLES) -> Figure:
    """Return the microseconds of this thread's time that one of the ``count`` pieces of work takes."""
    work()
    taken = []
    for _ in range(samples):
        began = time.thread_time_ns()
        work()
        taken.append((time.thread_time_ns() - began) / 1000 / count)
    return figure(taken)


def table(rules: int) -> bytes:
    """Return a decision file named ``bench``: a range of amounts and two regions for each rule."""
    rows = "".join(
        f'<rule id="r{n}"><inputEntry><text>[{n * 1000}..{n * 1000 + 999}]</text></inputEntry>'
        f'<inputEntry><text>"r{n}", "s{n}"</text></inputEntry><outputEntry><text>{n}</text></outputEntry></rule>'
        for n in range(rules)
    )
    inputs = "".join(
        f'<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression></input>'
        for name, kind in (("amount", "number"), ("region", "string"))
    )
    logic = f'<decisionTable hitPolicy="FIRST">{inputs}<output name="found" typeRef="number"/>{rows}</decisionTable>'
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="bench" namespace="bench">'
        '<inputData id="i1" name="amount"><variable name="amount"/></inputData>'
        '<inputData id="i2" name="region"><variable name="region"/></inputData>'
        '<decision id="bench" name="bench"><variable name="bench"/>'
        '<informationRequirement><requiredInput href="#i1"/></informationRequirement>'
        f'<informationRequirement><requiredInput href="#i2"/></informationRequirement>{logic}</decision></definitions>'
    ).encode()
