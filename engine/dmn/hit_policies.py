"""What a table answers when its matched rules are known: the seven hit policies and the aggregations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from engine.dmn.tree import Aggregation, HitPolicy
from engine.errors import Text
from engine.feel import Compiled, Environment, compile_expression
from engine.model import Evaluation

LISTS = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
_SAME = compile_expression("left = right", ("left", "right"))
_AGGREGATIONS: Mapping[Aggregation, Compiled] = {
    "SUM": compile_expression("sum(values)", ("values",)),
    "MIN": compile_expression("min(values)", ("values",)),
    "MAX": compile_expression("max(values)", ("values",)),
    "COUNT": compile_expression("count(values)", ("values",)),
}


class Row(NamedTuple):
    """The outputs of one matched rule."""

    rule: int
    values: tuple[object, ...]


def conflict(policy: HitPolicy, rows: Sequence[Row], environment: Environment) -> Text | None:
    """Return why these matches contradict the policy, None when they do not."""
    if len(rows) < 2 or policy not in ("UNIQUE", "ANY"):
        return None
    numbers = "、".join(str(row.rule) for row in rows)
    if policy == "UNIQUE":
        return Text(
            f"应只有一条规则适用,但第 {numbers} 条同时适用,请修改决策表使它们互不重叠。",
            f"Expected one rule to match, but rules {numbers} match, so make them exclude each other.",
        )
    first = list(rows[0].values)
    if all(same(first, list(row.values), environment) for row in rows):
        return None
    return Text(
        f"同时适用的规则应给出相同结果,但第 {numbers} 条不同,请修改决策表。",
        f"Expected the same outputs of all matching rules, but those of rules {numbers} differ, so correct the table.",
    )


def arrange(policy: HitPolicy, rows: Sequence[Row], rank: Callable[[Row], tuple[int, ...]]) -> list[Row]:
    """Return the rows in the order of the answer: by priority where the policy asks for it, else as drawn."""
    if policy in ("PRIORITY", "OUTPUT ORDER"):
        return sorted(rows, key=rank)
    return list(rows)


def same(left: object, right: object, environment: Environment) -> bool:
    """Return whether FEEL finds the two values equal."""
    return _SAME.evaluate({"left": left, "right": right}, environment).value is True


def aggregate(how: Aggregation, values: Sequence[object], environment: Environment) -> Evaluation:
    """Return what the FEEL function of that name makes of the values, with its problems."""
    return _AGGREGATIONS[how].evaluate({"values": list(values)}, environment)
