"""Random tables of constants, asked random questions, against the few lines that say what a hit policy is."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import SHANGHAI, Calendar
from engine.dmn import load
from engine.feel import Environment

PRIORITIES = ["a", "b", "c"]
POLICIES = ["UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
ENVIRONMENT = Environment(datetime(2026, 9, 24, tzinfo=SHANGHAI), Calendar({}))


class Cell(NamedTuple):
    text: str
    accepts: Any


def comparison(sign: str, bound: int) -> Cell:
    accepts = {
        "<": lambda v: v < bound,
        "<=": lambda v: v <= bound,
        ">": lambda v: v > bound,
        ">=": lambda v: v >= bound,
    }
    return Cell(f"{sign} {bound}", accepts[sign])


def interval(low: int, length: int, opened: str, closed: str) -> Cell:
    high = low + length
    return Cell(
        f"{opened}{low}..{high}{closed}",
        lambda v: (v >= low if opened == "[" else v > low) and (v <= high if closed == "]" else v < high),
    )


def negated(cell: Cell) -> Cell:
    return Cell(f"not({cell.text})", lambda v: not cell.accepts(v))


def computed(cell: Cell) -> Cell:
    return Cell(f"? in ({cell.text})", cell.accepts)


small = st.integers(-4, 4)
plain = st.one_of(
    st.builds(comparison, st.sampled_from(["<", "<=", ">", ">="]), small),
    st.builds(interval, small, st.integers(0, 4), st.sampled_from("[("), st.sampled_from("])")),
    small.map(lambda n: Cell(str(n), lambda v: v == n)),
    st.lists(small, min_size=2, max_size=3).map(lambda ns: Cell(",".join(map(str, ns)), lambda v: v in ns)),
)
numbers = st.one_of(st.just(Cell("-", lambda v: True)), plain, plain.map(negated), plain.map(computed))
texts = st.one_of(
    st.just(Cell("-", lambda v: True)),
    st.sampled_from(["x", "y"]).map(lambda t: Cell(f'"{t}"', lambda v: v == t)),
    st.just(Cell('not("x")', lambda v: v != "x")),
    st.just(Cell('"x","z"', lambda v: v in ("x", "z"))),
)
rules = st.lists(st.tuples(numbers, texts, st.sampled_from(PRIORITIES)), min_size=1, max_size=6)


def naive(policy: str, table: list[tuple[Cell, Cell, str]], number: Decimal, text: str) -> Any:
    matched = [output for first, second, output in table if first.accepts(number) and second.accepts(text)]
    ranked = sorted(matched, key=PRIORITIES.index)
    if policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER"):
        return ranked if policy == "OUTPUT ORDER" else matched
    if not matched or (policy == "UNIQUE" and len(matched) > 1) or (policy == "ANY" and len(set(matched)) > 1):
        return None
    return ranked[0] if policy == "PRIORITY" else matched[0]


@settings(max_examples=150, deadline=None)
@given(
    policy=st.sampled_from(POLICIES),
    table=rules,
    number=st.decimals(-5, 5, places=1),
    text=st.sampled_from(["x", "y", "z"]),
)
def test_a_table_answers_as_its_hit_policy_says(xml, policy, table, number, text):
    outputs = [{"name": "r", "allowed": ",".join(f'"{value}"' for value in PRIORITIES)}]
    rows = [[first.text, second.text, f'"{output}"'] for first, second, output in table]
    drawn = xml["table"]([("n", "number"), ("t", "string")], outputs, rows, policy)
    model = load(xml["definitions"](xml["decision"](drawn)))

    found = model.evaluate("d", {"n": number, "t": text}, ENVIRONMENT)

    expected = naive(policy, table, number, text)
    assert found.value == expected
    assert bool(found.problems) is (expected is None)
    matching = [n for n, (first, second, _) in enumerate(table, 1) if first.accepts(number) and second.accepts(text)]
    assert sorted(hit.rule for hit in found.hits) == (matching[:1] if policy == "FIRST" else matching)
