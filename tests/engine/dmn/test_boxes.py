"""Boxed expressions: functions, conditions, loops and filters drawn as boxes mean what FEEL means."""

from decimal import Decimal

import pytest

from engine.dmn import DmnError
from engine.model import Hit

PEOPLE = [
    {"name": "王某", "age": Decimal(71), "able to work": False},
    {"name": "李某", "age": Decimal(45), "able to work": True},
    {"name": "张某", "age": Decimal(12), "able to work": False},
]


def box(text: str) -> str:
    return f"<literalExpression><text>{text.replace('<', '&lt;')}</text></literalExpression>"


def said(text: str) -> str:
    return box(f'"{text}"')


def decided(logic: str, required: str = "") -> str:
    return f'<decision id="d" name="d">{required}{logic}</decision>'


@pytest.mark.parametrize(("income", "answer"), [(439, "低保"), (440, "边缘"), (None, "边缘")])
def test_a_condition_runs_one_branch_and_the_second_unless_it_is_true(logic_model, environment, income, answer):
    logic = f"<conditional><if>{box('income < 440')}</if><then>{said('低保')}</then><else>{said('边缘')}</else></conditional>"
    found = logic_model(decided(logic)).evaluate("d", {"income": income}, environment)

    assert found.value == answer
    assert bool(found.problems) is (income is None)


def test_a_branch_may_be_a_table_and_only_its_rules_are_hit(logic_model, xml, environment):
    table = xml["table"]([("months", "number")], [{"name": "r"}], [["[1..6]", '"在期内"']])
    logic = f"<conditional><if>{box('urgent')}</if><then>{said('先行')}</then><else>{table}</else></conditional>"
    model = logic_model(decided(logic))

    assert model.evaluate("d", {"urgent": True}, environment).hits == ()
    assert model.evaluate("d", {"urgent": False, "months": 3}, environment).hits == (Hit("table", 1),)


def test_a_loop_computes_one_value_for_each_item_and_knows_those_before(logic_model, environment):
    parts = (
        f"<for iteratorVariable='期'><in>{box('[1..3]')}</in><return>{box('sum(append(partial, 期))')}</return></for>"
    )
    people = f"<for iteratorVariable='人'><in>{box('people')}</in><return>{box('人.age + extra')}</return></for>"
    model = logic_model(
        f'<decision id="a" name="a">{parts}</decision>', f'<decision id="b" name="b">{people}</decision>'
    )

    assert model.evaluate("a", {}, environment).value == [Decimal(1), Decimal(3), Decimal(7)]
    assert model.evaluate("b", {"people": PEOPLE, "extra": 1}, environment).value == [72, 46, 13]
    assert model.decision("b").reads == {"people", "extra"}


@pytest.mark.parametrize(("loop", "answer"), [("some", True), ("every", False)])
def test_some_and_every_item_satisfy(logic_model, environment, loop, answer):
    logic = (
        f"<{loop} iteratorVariable='人'><in>{box('people')}</in><satisfies>{box('人.age >= 60')}</satisfies></{loop}>"
    )

    assert logic_model(decided(logic)).evaluate("d", {"people": PEOPLE}, environment).value is answer


def test_a_filter_sees_the_item_and_its_members_before_the_case(logic_model, environment):
    by_item = f"<filter><in>{box('people')}</in><match>{box('item.age < limit')}</match></filter>"
    by_member = f"<filter><in>{box('people')}</in><match>{box('able to work')}</match></filter>"
    model = logic_model(
        f'<decision id="a" name="a">{by_item}</decision>',
        f'<decision id="b" name="b">{by_member}</decision>',
        names=["limit", "able to work"],
    )

    found = model.evaluate("a", {"people": PEOPLE, "limit": 50}, environment)
    assert [person["name"] for person in found.value] == ["李某", "张某"]
    assert [person["name"] for person in model.evaluate("b", {"people": PEOPLE}, environment).value] == ["李某"]


def test_a_filter_that_keeps_nothing_is_an_empty_list(logic_model, environment):
    logic = f"<filter><in>{box('[1, 2]')}</in><match>{box('item > 5')}</match></filter>"

    assert logic_model(decided(logic)).evaluate("d", {}, environment).value == []


def test_going_through_null_is_a_problem(logic_model, environment):
    logic = f"<for iteratorVariable='人'><in>{box('people')}</in><return>{box('人.age')}</return></for>"
    found = logic_model(decided(logic)).evaluate("d", {"people": None}, environment)

    assert found.value is None
    assert found.problems


def test_a_problem_in_a_loop_is_told(logic_model, environment):
    logic = f"<for iteratorVariable='n'><in>{box('[0, 1]')}</in><return>{box('1 / n')}</return></for>"
    found = logic_model(decided(logic)).evaluate("d", {}, environment)

    assert found.value == [None, Decimal(1)]
    assert found.problems


def function(body: str, *parameters: str, kind: str = "") -> str:
    declared = "".join(f"<formalParameter {parameter}/>" for parameter in parameters)
    return f"<functionDefinition {kind}>{declared}{body}</functionDefinition>"


def test_a_function_in_a_context_is_called_by_the_entries_below_it_and_sees_those_above(logic_model, environment):
    per_head = function(box("income / people"), 'name="people" typeRef="number"')
    logic = f"""<context>
      <contextEntry><variable name="income"/>{box("total")}</contextEntry>
      <contextEntry><variable name="per head"/>{per_head}</contextEntry>
      <contextEntry>{box("[per head(4), per head(people: 2)]")}</contextEntry></context>"""
    model = logic_model(decided(logic))

    assert model.evaluate("d", {"total": 1000}, environment).value == [Decimal(250), Decimal(500)]
    assert model.decision("d").reads == {"total"}


def test_an_argument_of_another_type_is_null_and_a_problem(logic_model, environment):
    typed, call = function(box("n = null"), 'name="n" typeRef="number"'), box('f("x")')
    logic = f"<context><contextEntry><variable name='f'/>{typed}</contextEntry><contextEntry>{call}</contextEntry></context>"
    found = logic_model(decided(logic)).evaluate("d", {}, environment)

    assert found.value is True
    assert "number" in found.problems[0].message.zh


def test_a_function_that_a_decision_gives_is_invoked_with_its_parameters_in_any_order(logic_model, environment):
    two = ('name="a"', 'name="b"')
    makes = f'<decision id="f" name="f">{function(box("a - b"), *two)}</decision>'
    requires = '<informationRequirement><requiredDecision href="#f"/></informationRequirement>'
    bound = "".join(
        f'<binding><parameter name="{name}"/>{box(text)}</binding>' for name, text in (("b", "1"), ("a", "10"))
    )
    call = f"<invocation>{box('f')}{bound}</invocation>"

    assert logic_model(makes, decided(call, requires)).evaluate("d", {}, environment).value == Decimal(9)


def test_a_built_in_function_is_invoked_by_the_names_of_its_parameters(logic_model, environment):
    bound = "".join(
        f'<binding><parameter name="{name}"/>{box(text)}</binding>'
        for name, text in (("match", '"救助"'), ("string", "cause"))
    )
    model = logic_model(decided(f"<invocation>{box('contains')}{bound}</invocation>"))

    assert model.evaluate("d", {"cause": "临时救助"}, environment).value is True


def test_an_invocation_of_what_is_no_function_is_refused(logic_model):
    with pytest.raises(DmnError) as refused:
        logic_model(decided(f'<invocation id="call">{box("gone")}</invocation>'))

    assert [(finding.element, finding.rule) for finding in refused.value.findings] == [("call", "dmn-invocation")]


def test_a_function_that_calls_itself_through_its_argument_ends_with_a_problem(logic_model, environment):
    logic = f"""<context><contextEntry><variable name="again"/>{function(box("f(f)"), 'name="f"')}</contextEntry>
      <contextEntry>{box("again(again)")}</contextEntry></context>"""
    found = logic_model(decided(logic)).evaluate("d", {}, environment)

    assert found.value is None
    assert found.problems


def test_cells_of_a_relation_do_not_see_each_other_and_have_their_columns_type(logic_model, environment):
    logic = f"""<relation><column name="item" typeRef="string"/><column name="amount" typeRef="number"/>
      <row>{said("棉被")}{box("amount")}</row><row>{box("3")}{box("2")}</row></relation>"""
    found = logic_model(decided(logic)).evaluate("d", {"amount": 5}, environment)

    assert found.value == [{"item": "棉被", "amount": Decimal(5)}, {"item": None, "amount": Decimal(2)}]
    assert found.problems


@pytest.mark.parametrize(
    "logic",
    [
        f"<list typeRef='number'>{box('1')}{box('2')}</list>",
        f"<context typeRef='number'><contextEntry><variable name='a'/>{box('1')}</contextEntry></context>",
        f"<for typeRef='number' iteratorVariable='x'><in>{box('[1, 2]')}</in><return>{box('x')}</return></for>",
        f"<invocation typeRef='number'>{box('not')}<binding><parameter name='negand'/>{box('true')}</binding></invocation>",
    ],
)
def test_every_box_is_held_to_its_type(logic_model, environment, logic):
    found = logic_model(decided(logic)).evaluate("d", {}, environment)

    assert found.value is None
    assert "number" in found.problems[0].message.zh
