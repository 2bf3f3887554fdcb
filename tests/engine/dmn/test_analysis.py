"""What the check of a table tells before it runs: overlaps, gaps, rules that never decide."""

import re

import pytest

from engine.dmn import load

ONE = [{"name": "r", "type": "string"}]
AGE = ("age", "number")
HOME = ("home", "string")
HOMES = ("home", "string", '"城市","农村"')


@pytest.fixture
def found(table_model):
    """Return the findings of a table as (rule, severity, element, English sentence)."""

    def analysed(*arguments, **options):
        findings = table_model(*arguments, **options).analyse("d.dmn")
        assert all(finding.file == "d.dmn" and finding.position for finding in findings)
        return [(finding.rule, finding.severity, finding.element, finding.message.en) for finding in findings]

    return analysed


def examples(findings):
    return [re.findall(r"(?:when|such as:) (.*?)(?:, and the case|\. Add)", text)[0] for _, _, _, text in findings]


def test_a_complete_table_without_overlaps_has_no_findings(found):
    rules = [["< 18", "-", '"a"'], ["[18..60)", '"城市"', '"b"'], ["[18..60)", '"农村"', '"c"'], [">= 60", "-", '"d"']]

    assert found([AGE, HOMES], ONE, rules) == []


def test_two_rules_that_match_together_under_unique_are_an_error_with_an_example(found):
    rules = [["<= 60", '"城市"', '"a"'], [">= 60", "-", '"b"'], ["< 60", '"农村"', '"c"']]
    findings = found([AGE, HOMES], ONE, rules)

    assert [finding[:3] for finding in findings] == [("dmn-overlap", "error", "r2")]
    assert examples(findings) == ['age = 60, home = "城市"']
    assert "rules 1 and 2 both match" in findings[0][3]


def test_rules_that_overlap_and_agree_are_told_so(found):
    (finding,) = found([AGE], ONE, [["< 10", '"a"'], ["< 5", '"a"'], [">= 10", '"b"']])

    assert finding[1] == "error"
    assert "rules 1 and 2, which agree" in finding[3]


def test_overlapping_columns_that_depend_on_each_other_are_a_warning(found):
    rules = [["true", "-", '"a"'], ["-", "true", '"b"'], ["false", "false", '"c"']]
    depending = found([("amount <= 10", "boolean"), ("amount > 99", "boolean")], ONE, rules)
    free = found([("urgent", "boolean"), ("large", "boolean")], ONE, rules)

    assert [finding[1] for finding in depending] == ["warning"]
    assert [finding[1] for finding in free] == ["error"]


def test_columns_that_ask_for_the_same_value_are_looked_at_together(found):
    rules = [["< 10", ">= 5", '"a"'], ["< 5", "-", '"b"'], [">= 10", "-", '"c"']]

    assert found([AGE, AGE], ONE, rules) == []
    (finding,) = found([AGE, AGE], ONE, [*rules, ["> 5", "< 5", '"d"']])
    assert finding[:3] == ("dmn-unreachable", "warning", "r4")


def test_any_may_overlap_but_not_contradict_itself(found):
    rules = [["> 0", '"a"'], ["> 5", '"a"'], ["> 9", '"b"'], ["<= 0", '"c"']]
    findings = found([AGE], ONE, rules, "ANY")

    assert [finding[:3] for finding in findings] == [("dmn-overlap", "error", "r3")] * 2
    assert examples(findings) == ["age = 10", "age = 10"]


def test_outputs_that_depend_on_variables_are_not_said_to_contradict(found):
    rules = [["> 0", "policy.a"], ["> 5", "policy.b"], ["<= 0", '"c"']]

    assert found([AGE], ONE, rules, "ANY") == []


@pytest.mark.parametrize(
    ("columns", "rules", "example"),
    [
        ([AGE], [["< 60", '"a"'], ["> 60", '"b"']], "age = 60"),
        ([AGE], [["<= 59", '"a"'], [">= 60", '"b"']], "age = 59.5"),
        ([AGE, HOMES], [["-", '"城市"', '"a"'], ["< 60", '"农村"', '"b"']], 'age = 60, home = "农村"'),
        ([HOME], [['"城市","农村"', '"a"']], 'home = "其他"'),
        ([("urgent", "boolean")], [["true", '"a"']], "urgent = false"),
        ([("day", "date")], [['< date("2026-07-01")', '"a"'], ['> @"2026-07-01"', '"b"']], "day = 2026-07-01"),
        ([("span", "years and months duration")], [['< duration("P1Y")', '"a"']], "span = P1Y"),
        ([("span", "days and time duration")], [['<= duration("PT20M")', '"a"']], "span = P1DT20M"),
        ([("persons", "integer")], [["< 3", '"a"'], ["[4..9]", '"b"'], ["> 9", '"c"']], "persons = 3"),
    ],
)
def test_inputs_that_no_rule_covers_are_a_warning_with_an_example(found, columns, rules, example):
    findings = found(columns, ONE, rules)

    assert [finding[:3] for finding in findings] == [("dmn-gap", "warning", "table")]
    assert examples(findings)[0].split("; ")[0] == example


@pytest.mark.parametrize(
    ("columns", "rules"),
    [
        ([("day", "date")], [['<= date("2026-06-30")', '"a"'], ['>= date("2026-07-01")', '"b"']]),
        ([("persons", "integer")], [["<= 2", '"a"'], [">= 3", '"b"']]),
        ([("span", "years and months duration")], [['<= duration("P11M")', '"a"'], ['>= duration("P1Y")', '"b"']]),
        ([("age", "number", "[0..150]")], [["[0..60)", '"a"'], ["[60..150]", '"b"']]),
        ([HOME], [['"城市"', '"a"'], ['not("城市")', '"b"']]),
        ([AGE], [["? < 5 or ? > 9", '"a"'], ["? between 5 and 9", '"b"']]),
        ([AGE], [["in_force", '"a"'], ["-", '"b"']]),
        ([("urgent", "boolean")], [["true", '"a"'], ["not(true)", '"b"']]),
    ],
)
def test_values_that_do_not_exist_or_are_not_allowed_leave_no_gap(found, columns, rules):
    assert found(columns, ONE, rules) == []


def test_a_default_output_or_a_listing_policy_leaves_no_gap(found):
    rules = [["< 60", '"a"']]

    assert found([AGE], [{"name": "r", "default": '"b"'}], rules) == []
    assert found([AGE], ONE, rules, "COLLECT") == []
    assert found([AGE], [{"name": "r", "type": "number"}], [["< 60", "1"]], "COLLECT", "COUNT") == []
    assert [each[0] for each in found([AGE], [{"name": "r"}], [["< 60", "1"]], "COLLECT", "SUM")] == ["dmn-gap"]


def test_a_rule_behind_others_under_first_is_a_warning(found):
    rules = [["< 60", "-", '"a"'], ["-", '"城市"', '"b"'], ["< 10", '"农村"', '"c"'], [">= 60", '"农村"', '"d"']]
    (finding,) = found([AGE, HOMES], ONE, rules, "FIRST")

    assert finding[:3] == ("dmn-unreachable", "warning", "r3")
    assert "rule 1 comes before it" in finding[3]


def test_a_rule_that_several_others_cover_together_is_found(found):
    rules = [["< 60", '"a"'], [">= 50", '"b"'], ["[40..70]", '"c"']]
    (finding,) = found([AGE], ONE, rules, "FIRST")

    assert "rule 1, 2 comes before it" in finding[3]


def test_a_rule_of_lower_priority_that_is_always_outranked_is_a_warning(found):
    outputs = [{"name": "r", "allowed": '"refuse","check","accept"'}]
    rules = [["< 10", '"accept"'], ["< 20", '"refuse"'], [">= 20", '"check"']]
    (finding,) = found([AGE], outputs, rules, "PRIORITY")

    assert finding[:3] == ("dmn-unreachable", "warning", "r1")


@pytest.mark.parametrize(
    ("columns", "cell"),
    [
        ([HOMES], '"乡下"'),
        ([AGE], "? < 5 and ? > 9"),
        ([AGE], "not(< 5, >= 5, null)"),
        ([("age", "number", ">= 0")], "< 0"),
        ([("persons", "integer")], "2.5"),
    ],
)
def test_a_rule_whose_cells_no_value_passes_is_a_warning(found, columns, cell):
    findings = found(columns, ONE, [[cell, '"a"'], ["-", '"b"']], "FIRST")

    assert [finding[:3] for finding in findings] == [("dmn-unreachable", "warning", "r1")]


@pytest.mark.parametrize("cell", ["> policy.limit", "? > n", "age + 1", "starts with(?, 1)", "? in list", '"x"'])
def test_cells_that_compute_are_neither_guessed_to_match_nor_to_fail(found, cell):
    assert found([AGE], ONE, [[cell, '"a"'], [cell, '"b"']], "COLLECT") == []
    assert found([AGE], ONE, [[cell, '"a"'], ["-", '"b"']], "FIRST") == []
    assert [finding[0] for finding in found([AGE], ONE, [[cell, '"a"'], ["< 0", '"b"']])] == []
    shadowed = found([AGE], ONE, [["-", '"a"'], [cell, '"b"']], "FIRST")
    assert [finding[:3] for finding in shadowed] == [("dmn-unreachable", "warning", "r2")]


def test_null_is_a_value_a_rule_may_be_there_for(found):
    rules = [["null", '"unknown"'], ["true", '"a"'], ["false", '"b"']]

    assert found([("urgent", "boolean")], ONE, rules) == []
    assert found([("urgent", "boolean")], ONE, rules, "FIRST") == []


def test_the_declared_type_of_the_variable_limits_its_values(xml):
    drawn = """<itemDefinition id="t" name="tHome"><typeRef>string</typeRef>
      <allowedValues><text>"城市","农村"</text></allowedValues></itemDefinition>
      <inputData id="home" name="home"><variable name="home" typeRef="tHome"/></inputData>"""
    table = xml["table"]([HOME], ONE, [['"城市"', '"a"'], ['"农村"', '"b"']])
    model = load(xml["definitions"](drawn + xml["decision"](table, requires=["Input:home"])))

    assert model.analyse("decision.dmn") == []


def test_tables_inside_other_boxes_are_looked_at(xml):
    table = xml["table"]([AGE], ONE, [["< 5", '"a"']])
    logic = f"<context><contextEntry>{table}</contextEntry></context>"
    (finding,) = load(xml["definitions"](xml["decision"](logic))).analyse("decision.dmn")

    assert (finding.rule, finding.element) == ("dmn-gap", "table")


def test_too_many_combinations_are_said_to_be_so(found):
    columns = [(f"c{number}", "number") for number in range(12)]
    rules = [[*[f"not({(number * 7 + column * 5) % 31})" for column in range(12)], '"a"'] for number in range(40)]
    findings = found(columns, ONE, rules, "FIRST")

    assert [finding[:2] for finding in findings] == [("dmn-not-analysed", "warning")]
