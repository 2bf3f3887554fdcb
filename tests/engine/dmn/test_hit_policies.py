from decimal import Decimal

import pytest

from engine.dmn import DmnError
from engine.model import Hit

ONE = [{"name": "result", "type": "string"}]
NUMBER = [{"name": "result", "type": "number"}]


def test_unique_answers_with_the_one_rule_that_matches_and_says_which(table_model, environment):
    model = table_model([("amount", "number")], ONE, [["<= 1890", '"township"', "XC 3x"], ["> 1890", '"county"']])

    found = model.evaluate("d", {"amount": Decimal(1890)}, environment)

    assert (found.value, found.problems) == ("township", [])
    assert found.hits == (Hit("d", 1, ("XC 3x",)),)


def test_unique_with_two_matching_rules_is_a_problem_that_names_them(table_model, environment):
    model = table_model([("amount", "number")], ONE, [["<= 10", '"a"'], ["-", '"b"']])

    found = model.evaluate("d", {"amount": Decimal(5)}, environment)

    assert found.value is None
    assert "第 1、2 条同时适用" in found.problems[0].message.zh
    assert [hit.rule for hit in found.hits] == [1, 2]


def test_first_stops_at_the_first_rule_that_matches(table_model, environment):
    model = table_model([("amount", "number")], ONE, [["< 3", '"low"'], ["< 9", '"middle"'], ["-", '"high"']], "FIRST")

    assert [model.evaluate("d", {"amount": Decimal(n)}, environment).value for n in (1, 5, 20)] == [
        "low",
        "middle",
        "high",
    ]


def test_any_accepts_equal_outputs_and_refuses_different_ones(table_model, environment):
    rules = [["> 0", '"a"'], ["> 5", '"a"'], ["> 9", '"b"']]
    model = table_model([("n", "number")], ONE, rules, "ANY")

    assert model.evaluate("d", {"n": Decimal(6)}, environment).value == "a"
    differing = model.evaluate("d", {"n": Decimal(10)}, environment)
    assert differing.value is None
    assert "第 1、2、3 条不同" in differing.problems[0].message.zh


def test_priority_takes_the_output_value_listed_first(table_model, environment):
    outputs = [{"name": "result", "type": "string", "allowed": '"refuse","check","accept"'}]
    rules = [["> 0", '"accept"'], ["> 5", '"check"'], ["> 9", '"refuse"']]
    model = table_model([("n", "number")], outputs, rules, "PRIORITY")

    assert [model.evaluate("d", {"n": Decimal(n)}, environment).value for n in (1, 6, 10)] == [
        "accept",
        "check",
        "refuse",
    ]


def test_output_order_lists_all_outputs_by_priority_and_rule_order_as_drawn(table_model, environment):
    outputs = [{"name": "result", "type": "string", "allowed": '"refuse","check","accept"'}]
    rules = [["> 0", '"accept"'], ["> 5", '"refuse"'], ["> 5", '"check"']]
    ordered = table_model([("n", "number")], outputs, rules, "OUTPUT ORDER")
    drawn = table_model([("n", "number")], outputs, rules, "RULE ORDER")

    assert ordered.evaluate("d", {"n": Decimal(6)}, environment).value == ["refuse", "check", "accept"]
    assert drawn.evaluate("d", {"n": Decimal(6)}, environment).value == ["accept", "refuse", "check"]


@pytest.mark.parametrize(("how", "value"), [("SUM", "0.30"), ("MIN", "0.10"), ("MAX", "0.20"), ("COUNT", "2")])
def test_collect_aggregates_exactly(table_model, environment, how, value):
    model = table_model([("n", "number")], NUMBER, [["> 0", "0.10"], ["> 1", "0.20"], ["> 9", "7"]], "COLLECT", how)

    assert model.evaluate("d", {"n": Decimal(5)}, environment).value == Decimal(value)


def test_collect_without_a_match_is_an_empty_list_and_a_count_of_zero(table_model, environment):
    rules = [["> 9", "7"]]
    inputs = {"n": Decimal(1)}

    collected = table_model([("n", "number")], NUMBER, rules, "COLLECT").evaluate("d", inputs, environment)
    counted = table_model([("n", "number")], NUMBER, rules, "COLLECT", "COUNT").evaluate("d", inputs, environment)
    summed = table_model([("n", "number")], NUMBER, rules, "COLLECT", "SUM").evaluate("d", inputs, environment)

    assert (collected.value, collected.problems) == ([], [])
    assert (counted.value, counted.problems) == (Decimal(0), [])
    assert summed.value is None
    assert summed.problems


def test_summing_texts_is_a_problem(table_model, environment):
    model = table_model([("n", "number")], ONE, [["> 0", '"a"'], ["> 1", '"b"']], "COLLECT", "SUM")

    found = model.evaluate("d", {"n": Decimal(5)}, environment)

    assert found.value is None
    assert found.problems


def test_several_outputs_become_a_context_and_are_ranked_together(table_model, environment):
    outputs = [
        {"name": "track", "type": "string", "allowed": '"T1","T2"'},
        {"name": "days", "type": "number", "allowed": "3,5"},
    ]
    rules = [["> 0", '"T2"', "3"], ["> 0", '"T1"', "5"], ["> 0", '"T1"', "3"]]
    model = table_model([("n", "number")], outputs, rules, "PRIORITY")

    found = model.evaluate("d", {"n": Decimal(1)}, environment)

    assert found.value == {"track": "T1", "days": Decimal(3)}
    assert [hit.rule for hit in found.hits] == [3, 2, 1]


@pytest.mark.parametrize(
    ("policy", "aggregation", "outputs"),
    [
        ("PRIORITY", "", ONE),
        ("BEST", "", ONE),
        ("UNIQUE", "SUM", ONE),
        ("COLLECT", "AVERAGE", ONE),
        ("COLLECT", "SUM", [{"name": "a"}, {"name": "b"}]),
        ("UNIQUE", "", [{"name": "a"}, {"name": "a"}]),
    ],
)
def test_a_policy_that_has_no_clear_meaning_for_the_table_is_refused_at_load(table_model, policy, aggregation, outputs):
    row = ["-", *['"x"'] * len(outputs)]

    with pytest.raises(DmnError) as refused:
        table_model([("n", "number")], outputs, [row], policy, aggregation)

    assert [finding.element for finding in refused.value.findings] == ["table"]


ORDERED = """<itemDefinition id="t" name="tTrack"><typeRef>string</typeRef>
  <allowedValues><text>"T1","T2"</text></allowedValues></itemDefinition>"""
BOTH_MATCH = [["> 0", '"T2"'], ["> 0", '"T1"']]


@pytest.mark.parametrize(
    ("output", "declared"),
    [({"name": "r", "type": "tTrack"}, ""), ({"name": "r"}, "tTrack")],
    ids=["of the output", "of the decision"],
)
def test_the_order_of_priority_may_come_from_the_outputs_type(logic_model, xml, environment, output, declared):
    table = xml["table"]([("n", "number")], [output], BOTH_MATCH, "PRIORITY")
    untyped = table if output.get("type") else table.replace('name="r" typeRef="string"', 'name="r"')
    model = logic_model(ORDERED, xml["decision"](untyped, type_ref=declared))

    found = model.evaluate("d", {"n": 1}, environment)

    assert (found.value, [hit.rule for hit in found.hits]) == ("T1", [2, 1])


@pytest.mark.parametrize("allowed", ["[1..5]", "> 3", 'not("a")', '"a", null'])
def test_output_values_that_are_no_list_give_no_order_but_may_restrict(table_model, allowed):
    outputs = [{"name": "r", "type": "Any", "allowed": allowed}]
    with pytest.raises(DmnError) as refused:
        table_model([("n", "number")], outputs, [["-", "4"]], "PRIORITY")

    assert [finding.rule for finding in refused.value.findings] == ["dmn-table"]
    assert table_model([("n", "number")], outputs, [["-", "4"]], "UNIQUE")
