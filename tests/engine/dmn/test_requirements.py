from decimal import Decimal

import pytest

from engine.dmn import DmnError, load
from engine.errors import ModelError
from engine.model import Hit

LIMIT = """<businessKnowledgeModel id="bkm" name="monthly limit"><variable name="monthly limit"/>
  <encapsulatedLogic><formalParameter name="standard" typeRef="number"/><formalParameter name="months"/>
  <literalExpression><text>standard * months</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"""
NEEDS_LIMIT = '<knowledgeRequirement><requiredKnowledge href="#bkm"/></knowledgeRequirement>'
ADULT = '<inputData id="age" name="age"><variable name="age" typeRef="number"/></inputData>'


def test_a_literal_expression_answers_exactly(logic_model, xml, environment):
    model = logic_model(xml["decision"](xml["literal"]("19.99 * 100")))

    assert model.evaluate("d", {}, environment).value == Decimal(1999)


def test_a_required_decision_is_known_by_variable_name_and_id(logic_model, xml, environment):
    first = (
        '<decision id="base_1" name="base amount"><variable name="基本 金额"/>'
        + xml["literal"]("standard * 2")
        + "</decision>"
    )
    for name in ("基本 金额", "base amount", "base_1"):
        model = logic_model(first, xml["decision"](xml["literal"](f"{name} + 1"), requires=["Decision:base_1"]))

        assert model.evaluate("d", {"standard": Decimal(630)}, environment).value == Decimal(1261)
        assert model.decision("d").reads == {"standard"}


def test_hits_name_the_rules_of_every_table_on_the_way(logic_model, xml, environment):
    season = xml["decision"](
        xml["table"](
            [("month", "number")], [{"name": "s"}], [["[6..8]", '"summer"'], ["not([6..8])", '"other"']], prefix="s_"
        ),
        "season",
    )
    dish = xml["decision"](
        xml["table"]([("season", "string")], [{"name": "dish"}], [['"other"', '"stew"'], ['"summer"', '"salad"']]),
        "dish",
        ["Decision:season"],
    )

    found = logic_model(season, dish).evaluate("dish", {"month": Decimal(7)}, environment)

    assert (found.value, found.hits) == ("salad", (Hit("season", 1), Hit("dish", 2)))


def test_a_required_decision_that_fails_is_no_quiet_null_for_the_next_table(logic_model, xml, environment):
    first = xml["decision"](xml["literal"]("amount / 0"), "first")
    table = xml["table"]([("first", "number")], [{"name": "r"}], [["1", '"one"'], ["null", '"null"']])
    model = logic_model(first, xml["decision"](table, requires=["Decision:first"]))

    found = model.evaluate("d", {"amount": Decimal(1)}, environment)

    assert found.value is None
    assert len(found.problems) == 2


def test_a_cell_that_compares_with_a_failed_decision_is_unknown(logic_model, xml, environment):
    first = xml["decision"](xml["literal"]("amount / 0"), "first")
    table = xml["table"]([("amount", "number")], [{"name": "r"}], [["first", '"same"'], ["-", '"other"']], "FIRST")
    model = logic_model(first, xml["decision"](table, requires=["Decision:first"]))

    assert model.evaluate("d", {"amount": Decimal(1)}, environment).value is None


def test_a_declared_input_of_another_type_is_a_problem(logic_model, xml, environment):
    model = logic_model(ADULT, xml["decision"](xml["literal"]("age >= 18"), requires=["Input:age"]))

    assert model.evaluate("d", {"age": 20}, environment).value is True
    assert model.evaluate("d", {"age": "20"}, environment).value is None
    assert "number" in model.evaluate("d", {"age": "20"}, environment).problems[0].message.zh


def test_the_result_is_checked_against_the_declared_type(logic_model, xml, environment):
    model = logic_model(xml["decision"](xml["literal"]("value"), type_ref="number"))

    assert model.evaluate("d", {"value": [Decimal(3)]}, environment).value == Decimal(3)
    assert model.evaluate("d", {"value": "three"}, environment).problems


def test_a_circle_and_a_dangling_arrow_are_refused_at_load(logic_model, xml):
    first = xml["decision"](xml["literal"]("b"), "a", ["Decision:b"])
    second = xml["decision"](xml["literal"]("a"), "b", ["Decision:a", "Decision:gone"])

    with pytest.raises(DmnError) as refused:
        logic_model(first, second)

    told = {finding.message.zh for finding in refused.value.findings}
    assert any("绕成了圈" in text for text in told)
    assert any("gone" in text for text in told)


def test_a_knowledge_model_is_called_from_feel_and_by_invocation(logic_model, environment):
    invocation = """<invocation><literalExpression><text>monthly limit</text></literalExpression>
      <binding><parameter name="months"/><literalExpression><text>3</text></literalExpression></binding>
      <binding><parameter name="standard"/><literalExpression><text>policy.standard</text></literalExpression></binding>
      </invocation>"""
    called = "<literalExpression><text>monthly limit(policy.standard, 2) + 1</text></literalExpression>"
    model = logic_model(
        LIMIT,
        f'<decision id="a" name="a">{NEEDS_LIMIT}{invocation}</decision>',
        f'<decision id="b" name="b">{NEEDS_LIMIT}{called}</decision>',
    )
    context = {"policy": {"standard": Decimal(630)}}

    assert model.evaluate("a", context, environment).value == Decimal(1890)
    assert model.evaluate("b", context, environment).value == Decimal(1261)
    assert model.evaluate("monthly limit", {"standard": 630, "months": 4}, environment).value == Decimal(2520)
    assert model.decision("b").reads == {"policy"}


def test_an_invocation_with_other_parameters_and_an_unknown_function_are_refused(logic_model):
    invocation = """<invocation id="call"><literalExpression><text>monthly limit</text></literalExpression>
      <binding><parameter name="month"/><literalExpression><text>3</text></literalExpression></binding></invocation>"""

    with pytest.raises(DmnError) as refused:
        logic_model(
            LIMIT,
            f'<decision id="a" name="a">{NEEDS_LIMIT}{invocation}</decision>',
            '<decision id="b" name="b"><literalExpression id="le"><text>no such thing(1)</text></literalExpression>'
            "</decision>",
        )

    assert [finding.element for finding in refused.value.findings] == ["call", "le"]


def test_tables_inside_a_knowledge_model_are_among_the_hits(logic_model, xml, environment):
    table = xml["table"]([("n", "number")], [{"name": "r"}], [["> 0", '"positive"']])
    model = logic_model(
        f'<businessKnowledgeModel id="sign" name="sign"><encapsulatedLogic><formalParameter name="n"/>{table}'
        "</encapsulatedLogic></businessKnowledgeModel>",
        '<decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="#sign"/></knowledgeRequirement>'
        "<literalExpression><text>sign(5)</text></literalExpression></decision>",
    )

    found = model.evaluate("d", {}, environment)

    assert (found.value, found.hits) == ("positive", (Hit("sign", 1),))


def test_knowledge_models_that_multiply_calls_end_with_a_problem(logic_model, environment):
    body = "sum(for i in 1..200 return {inner}(i))"
    models = [
        f'<businessKnowledgeModel id="k{n}" name="k{n}"><encapsulatedLogic><formalParameter name="x"/>'
        f"<literalExpression><text>{body.format(inner=f'k{n + 1}') if n < 4 else 'x'}</text></literalExpression>"
        "</encapsulatedLogic>"
        + (f'<knowledgeRequirement><requiredKnowledge href="#k{n + 1}"/></knowledgeRequirement>' if n < 4 else "")
        + "</businessKnowledgeModel>"
        for n in range(1, 5)
    ]

    found = logic_model(*models).evaluate("k1", {"x": 1}, environment)

    assert found.value is None
    assert found.problems


def test_boxed_contexts_lists_and_relations(logic_model, environment):
    model = logic_model(
        """<decision id="d" name="d"><context>
        <contextEntry><variable name="base" typeRef="number"/>
          <literalExpression><text>amount * 2</text></literalExpression></contextEntry>
        <contextEntry><variable name="rows"/><relation><column name="a"/><column name="b"/>
          <row><literalExpression><text>1</text></literalExpression>
            <literalExpression><text>base</text></literalExpression></row>
        </relation></contextEntry>
        <contextEntry><list><literalExpression><text>base + 1</text></literalExpression>
          <literalExpression><text>rows[1].b</text></literalExpression></list></contextEntry></context></decision>"""
    )

    assert model.evaluate("d", {"amount": 5}, environment).value == [Decimal(11), Decimal(10)]
    assert model.decision("d").reads == {"amount"}


def test_types_of_the_file_restrict_structure_and_convert(logic_model, xml, environment):
    types = """<itemDefinition id="t1" name="tKind"><typeRef>string</typeRef>
        <allowedValues><text>"肢体","视力"</text></allowedValues></itemDefinition>
      <itemDefinition id="t2" name="tPerson"><itemComponent name="kind"><typeRef>tKind</typeRef></itemComponent>
        <itemComponent name="grades" isCollection="true"><typeRef>number</typeRef></itemComponent></itemDefinition>
      <inputData id="person" name="person"><variable name="person" typeRef="tPerson"/></inputData>"""
    model = logic_model(types, xml["decision"](xml["literal"]("person.grades"), requires=["Input:person"]))

    assert model.evaluate("d", {"person": {"kind": "视力", "grades": 2}}, environment).value == [Decimal(2)]
    for wrong in ({"kind": "听力"}, {"kind": "视力", "grades": ["x"]}, "视力"):
        assert model.evaluate("d", {"person": wrong}, environment).problems


def test_a_type_that_leads_back_to_itself_is_refused(logic_model, xml):
    circle = (
        '<itemDefinition id="a" name="A"><typeRef>B</typeRef></itemDefinition>'
        '<itemDefinition id="b" name="B"><typeRef>A</typeRef></itemDefinition>'
    )

    with pytest.raises(DmnError) as refused:
        logic_model(circle, xml["decision"](xml["literal"]("1")))

    assert {finding.element for finding in refused.value.findings} == {"a", "b"}


def test_an_imported_file_is_reached_by_its_alias(xml, environment):
    library = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="lib" name="lib" namespace="urn:lib">'
        b'<decision id="base" name="base amount"><literalExpression><text>standard * 2</text></literalExpression>'
        b"</decision></definitions>"
    )
    main = xml["definitions"](
        '<import name="lib" namespace="urn:lib" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
        '<decision id="d" name="d">'
        '<informationRequirement><requiredDecision href="urn:lib#base"/></informationRequirement>'
        "<literalExpression><text>lib.base amount + 1</text></literalExpression></decision>"
    )

    assert load(main, library).evaluate("d", {"standard": 630}, environment).value == Decimal(1261)
    with pytest.raises(DmnError):
        load(main)


def test_a_name_that_does_not_exist_is_told(logic_model, xml, environment):
    with pytest.raises(ModelError, match="there is none"):
        logic_model(xml["decision"](xml["literal"]("1"))).evaluate("gone", {}, environment)


def test_names_with_spaces_that_the_file_does_not_declare_can_be_given(logic_model, xml, environment):
    model = logic_model(xml["decision"](xml["literal"]("家庭 人口 >= 3")), names=["家庭 人口"])

    assert model.evaluate("d", {"家庭 人口": 4}, environment).value is True


def test_a_long_chain_of_requirements_answers_and_knows_what_it_takes(logic_model, xml, environment):
    links = [
        f'<decision id="c{n}" name="c{n}"><informationRequirement><requiredDecision href="#c{n + 1}"/>'
        f"</informationRequirement>{xml['literal'](f'c{n + 1} + 1')}</decision>"
        for n in range(300)
    ]
    model = logic_model(*links, xml["decision"](xml["literal"]("case.start"), "c300"))

    assert model.evaluate("c0", {"case": {"start": 7}}, environment).value == 307
    assert model.decision("c0").paths == {("case", "start")}
