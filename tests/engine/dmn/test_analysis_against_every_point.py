"""Random tables: what the analysis says, against asking the table at every point its constants tell apart."""

import re
from datetime import datetime
from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import SHANGHAI, Calendar
from engine.dmn import load
from engine.feel import Environment, evaluate

ENVIRONMENT = Environment(datetime(2026, 9, 24, tzinfo=SHANGHAI), Calendar({}))
PRIORITIES = ["a", "b", "c"]
COLUMNS = [("n", "number"), ("t", "string"), ("b", "boolean")]
NUMBERS = [Decimal(n) / 2 for n in range(-5, 12)]
TEXTS = ["x", "y", "z"]
BOOLEANS = [True, False]
LIMITS = [Decimal(n) / 2 for n in (-9, -3, 0, 3, 9)]

small = st.integers(-2, 2)
comparisons = st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">=", "!="]), small)
ranges = st.builds(
    lambda low, length, opened, closed: f"{opened}{low}..{low + length}{closed}",
    small, st.integers(0, 3), st.sampled_from("[("), st.sampled_from("])"),
)  # fmt: skip
points = st.lists(small, min_size=1, max_size=3).map(lambda found: ", ".join(map(str, found)))
plain = st.one_of(comparisons, ranges, points)
asked = st.one_of(
    plain.map(lambda cell: f"? in ({cell})"),
    st.builds("? > {} and ? <= {}".format, small, small),
    st.builds("? < {} or ? >= {}".format, small, small),
    st.builds("not(? between {} and {})".format, small, small),
)
known = st.one_of(st.just("-"), plain, plain.map("not({})".format), asked, st.just("null"), st.just("not(null)"))
texts = st.sampled_from(["-", '"x"', '"y"', '"x", "y"', 'not("x")', "null", '? = "y"', '["x", "z"]'])
booleans = st.sampled_from(["-", "true", "false", "not(true)", "null", "? != false"])
computing = st.sampled_from(["> limit", "<= limit", "? + 0 > limit", "limit"])
outputs = st.sampled_from(PRIORITIES)


def tables(numbers):
    return st.lists(st.tuples(numbers, texts, booleans, outputs), min_size=1, max_size=6)


def compiled(xml, table, policy, allowed=""):
    columns = [COLUMNS[0], (*COLUMNS[1], allowed), COLUMNS[2]]
    result = [{"name": "r", "allowed": ",".join(f'"{value}"' for value in PRIORITIES)}]
    rows = [[*cells, f'"{output}"'] for *cells, output in table]
    return load(xml["definitions"](xml["decision"](xml["table"](columns, result, rows, policy))), names=["limit"])


def asked_at(model, point, limit=Decimal(0)):
    values = dict(zip("ntb", point, strict=True)) | {"limit": limit}
    return model.evaluate("d", values, ENVIRONMENT)


def matching(model, point, limit=Decimal(0)):
    return {hit.rule for hit in asked_at(model, point, limit).hits}


def told(model, rule):
    return [finding.message.en for finding in model.analyse("decision.dmn") if finding.rule == rule]


def read(example):
    """The point of an example; a column it leaves out may have any value, so that the first will do."""
    values = {name: evaluate(text, {}) for name, text in re.findall(r'(\w) = ("[^"]*"|[^,; ]+)', example)}
    return (values.get("n", NUMBERS[0]), values.get("t", TEXTS[0]), values.get("b", BOOLEANS[0]))


WITH_NULL = list(product([*NUMBERS, None], [*TEXTS, "其他", None], [*BOOLEANS, None]))


def without_null(listed):
    return list(product(NUMBERS, TEXTS if listed else [*TEXTS, "其他"], BOOLEANS))


@settings(max_examples=30, deadline=None)
@given(table=tables(known), listed=st.booleans())
def test_gaps_are_told_where_and_only_where_no_rule_matches(xml, table, listed):
    model = compiled(xml, table, "UNIQUE", ",".join(f'"{text}"' for text in TEXTS) if listed else "")
    everything = compiled(xml, table, "COLLECT")
    uncovered = [point for point in without_null(listed) if not matching(everything, point)]

    findings = told(model, "dmn-gap")

    assert bool(findings) is bool(uncovered)
    for example in (
        findings[0].split("such as: ")[1].split(". Add")[0].split("; ") if findings and "such" in findings[0] else ()
    ):
        assert matching(everything, read(example)) == set()


@settings(max_examples=30, deadline=None)
@given(table=tables(known), policy=st.sampled_from(["UNIQUE", "ANY"]))
def test_rules_that_match_together_are_told_with_a_point_where_they_do(xml, table, policy):
    everything = compiled(xml, table, "COLLECT")
    found = [matching(everything, point) for point in WITH_NULL]
    pairs = {(one, other) for rules in found for one in rules for other in rules if one < other}
    wrong = {(one, other) for one, other in pairs if policy == "UNIQUE" or table[one - 1][3] != table[other - 1][3]}

    findings = told(compiled(xml, table, policy), "dmn-overlap")

    named = {tuple(map(int, re.search(r"rules (\d+) and (\d+)", text).groups())): text for text in findings}
    assert wrong <= set(named) or len(findings) == 10
    for (one, other), text in named.items():
        alone = compiled(xml, [table[one - 1], table[other - 1]], "COLLECT")
        assert matching(alone, read(text.split(" when ")[1].split(", and the case")[0])) == {1, 2}


@settings(max_examples=30, deadline=None)
@given(table=tables(known), policy=st.sampled_from(["FIRST", "PRIORITY"]))
def test_rules_that_never_decide_are_told_and_no_others(xml, table, policy):
    everything, model = compiled(xml, table, "COLLECT"), compiled(xml, table, policy)
    answers = [asked_at(model, point).value for point in WITH_NULL]
    rules = [matching(everything, point) for point in WITH_NULL]
    deciding = set()
    for answer, matched in zip(answers, rules, strict=True):
        same = [rule for rule in sorted(matched) if table[rule - 1][3] == answer]
        deciding |= set(same[:1] if policy == "FIRST" else same)
    if policy == "FIRST":
        deciding = {min(hit.rule for hit in found.hits) for p in WITH_NULL if (found := asked_at(model, p)).hits}

    named = {int(re.search(r"rule (\d+)", text).group(1)) for text in told(model, "dmn-unreachable")}

    assert named <= set(range(1, len(table) + 1)) - deciding
    if policy == "FIRST":
        assert named == set(range(1, len(table) + 1)) - deciding


@settings(max_examples=30, deadline=None)
@given(table=tables(st.one_of(known, computing)), policy=st.sampled_from(["UNIQUE", "ANY", "FIRST", "PRIORITY"]))
def test_what_is_told_of_tables_that_compute_holds_for_every_value(xml, table, policy):
    everything, model = compiled(xml, table, "COLLECT"), compiled(xml, table, policy)
    for limit in LIMITS:
        for text in told(model, "dmn-gap"):
            for example in text.split("such as: ")[1].split(". Add")[0].split("; ") if "such as" in text else ():
                assert matching(everything, read(example), limit) == set()
        for text in told(model, "dmn-unreachable"):
            rule = int(re.search(r"rule (\d+)", text).group(1))
            answers = [asked_at(model, point, limit) for point in without_null(False)]
            assert all(not found.hits or found.hits[0].rule != rule for found in answers)
