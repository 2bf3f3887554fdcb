from decimal import Decimal

import pytest

from engine.dmn import DmnError

ONE = [{"name": "result", "type": "string"}]


def test_no_matching_rule_and_no_default_is_a_problem(table_model, environment):
    found = table_model([("n", "number")], ONE, [["> 9", '"a"']]).evaluate("d", {"n": Decimal(1)}, environment)

    assert found.value is None
    assert "应有一条规则适用" in found.problems[0].message.zh


def test_the_default_output_answers_when_no_rule_matches(table_model, environment):
    outputs = [{"name": "a", "default": '"x"'}, {"name": "b"}]
    model = table_model([("n", "number")], outputs, [["> 9", '"p"', '"q"']])

    found = model.evaluate("d", {"n": Decimal(1)}, environment)

    assert (found.value, found.problems, found.hits) == ({"a": "x", "b": None}, [], ())


def test_the_default_of_a_collecting_table_is_its_only_item(table_model, environment):
    model = table_model([("n", "number")], [{"name": "a", "default": '"x"'}], [["> 9", '"p"']], "COLLECT")

    assert model.evaluate("d", {"n": Decimal(1)}, environment).value == ["x"]


def test_a_missing_input_is_a_problem_and_not_a_no(table_model, environment):
    model = table_model([("father", "string")], ONE, [['"dead"', '"orphan"'], ["-", '"no"']], "FIRST")

    found = model.evaluate("d", {}, environment)

    assert found.value is None
    assert "father" in found.problems[0].message.en
    assert found.hits == ()


def test_an_input_that_cannot_change_the_answer_need_not_be_there(table_model, environment):
    rules = [['"T1"', "-", '"one"'], ['"T3"', "> 5", '"three"']]
    model = table_model([("track", "string"), ("size", "number")], ONE, rules)

    assert model.evaluate("d", {"track": "T1"}, environment).value == "one"
    assert model.evaluate("d", {"track": "T3"}, environment).problems


def test_the_order_of_columns_does_not_decide_whether_a_missing_input_matters(table_model, environment):
    rules = [["> 5", '"T3"', '"three"'], ["-", '"T1"', '"one"']]
    model = table_model([("size", "number"), ("track", "string")], ONE, rules)

    assert model.evaluate("d", {"track": "T1"}, environment).value == "one"


def test_null_is_a_value_that_a_cell_can_ask_for(table_model, environment):
    model = table_model([("kind", "string")], ONE, [["null", '"none"'], ['"肢体","视力"', '"some"']])

    assert model.evaluate("d", {"kind": None}, environment).value == "none"
    assert model.evaluate("d", {"kind": "视力"}, environment).value == "some"


def test_comparing_null_with_a_number_is_a_problem_and_not_a_no(table_model, environment):
    model = table_model([("age", "number")], ONE, [[">= 60", '"old"'], ["-", '"young"']], "FIRST")

    found = model.evaluate("d", {"age": None}, environment)

    assert found.value is None
    assert found.problems


def test_a_value_of_another_type_than_the_column_declares_is_a_problem(table_model, environment):
    model = table_model([("age", "number")], ONE, [["-", '"any"'], ["5", '"five"']], "COLLECT")

    found = model.evaluate("d", {"age": "five"}, environment)

    assert found.value is None
    assert "number" in found.problems[0].message.en


def test_values_outside_the_allowed_ones_are_a_problem_on_both_sides(table_model, environment):
    outputs = [{"name": "r", "type": "string", "allowed": '"a","b"'}]
    model = table_model([("kind", "string", '"x","y"')], outputs, [['"x"', '"a"'], ['"y"', '"c"'], ['"z"', '"b"']])

    assert model.evaluate("d", {"kind": "x"}, environment).value == "a"
    for kind, allowed in (("z", '"x","y"'), ("y", '"a","b"')):
        found = model.evaluate("d", {"kind": kind}, environment)
        assert found.value is None
        assert allowed in found.problems[0].message.zh


def test_cells_and_outputs_compute_with_the_case_and_the_policy(table_model, environment):
    rules = [["<= 3 * policy.standard", '"township " + case.region'], ["? > 3 * policy.standard", '"county"']]
    model = table_model([("amount", "number")], ONE, rules)
    context = {"policy": {"standard": Decimal(630)}, "case": {"region": "410721"}}

    assert model.evaluate("d", {**context, "amount": Decimal("1890")}, environment).value == "township 410721"
    assert model.evaluate("d", {**context, "amount": Decimal("1890.01")}, environment).value == "county"
    assert model.decisions[0].reads == {"amount", "policy", "case"}
    assert ("policy", "standard") in model.decisions[0].paths


def test_a_problem_in_an_output_leaves_no_value(table_model, environment):
    model = table_model([("n", "number")], [{"name": "r", "type": "number"}], [["-", "n / 0"]])

    found = model.evaluate("d", {"n": Decimal(1)}, environment)

    assert found.value is None
    assert found.problems


def test_integers_and_floats_of_callers_become_exact_numbers(table_model, environment):
    model = table_model([("n", "number")], [{"name": "r", "type": "number"}], [["-", "n * 100"]])

    assert model.evaluate("d", {"n": 19.99}, environment).value == Decimal("1999.00")
    assert model.evaluate("d", {"n": 2}, environment).value == Decimal(200)


def test_inputs_are_asked_for_only_when_a_rule_needs_them(table_model, environment):
    class Asked(dict):
        asked: list[str]

        def __getitem__(self, name):
            self.asked.append(name)
            return super().__getitem__(name)

    model = table_model([("a", "number"), ("b", "number")], ONE, [["1", "-", '"x"'], ["2", "3", '"y"']], "FIRST")
    variables = Asked(a=Decimal(1), b=Decimal(3))
    variables.asked = []

    assert model.evaluate("d", variables, environment).value == "x"
    assert "b" not in variables.asked


@pytest.mark.parametrize(
    ("rules", "element"),
    [
        ([["> ", '"a"']], "i1_0"),
        ([["1", '"a']], "o1_0"),
        ([["1", ""]], "r1"),
        ([["1"]], "r1"),
        ([["-", '"a"'], ["5 +", '"b"']], "i2_0"),
    ],
)
def test_a_cell_that_cannot_be_run_is_refused_at_load_with_its_element(table_model, rules, element):
    with pytest.raises(DmnError) as refused:
        table_model([("n", "number")], ONE, rules)

    finding = refused.value.findings[0]
    assert (finding.element, finding.file, finding.severity) == (element, "d.dmn", "error")
    assert finding.position is not None


def test_an_unknown_type_and_an_empty_input_are_refused_together(table_model):
    with pytest.raises(DmnError) as refused:
        table_model([("n", "money"), ("", "number")], ONE, [["-", "-", '"a"']])

    assert {finding.element for finding in refused.value.findings} == {"ie1", "in2"}


def test_a_date_is_no_date_and_time(table_model, environment):
    model = table_model([("day", "date")], ONE, [['> date("2026-01-01")', '"new"'], ["-", '"old"']], "FIRST")

    assert model.evaluate("d", {"day": environment.now.date()}, environment).value == "new"
    assert model.evaluate("d", {"day": environment.now}, environment).problems


def test_a_default_output_outside_the_allowed_values_leaves_no_value(table_model, environment):
    outputs = [{"name": "r", "allowed": '"yes"', "default": '"no"'}]
    model = table_model([("n", "number")], outputs, [["> 9", '"yes"']])

    found = model.evaluate("d", {"n": 1}, environment)

    assert (found.value, len(found.problems)) == (None, 1)
