"""Declared types: structures, collections, functions, restrictions, and the two conversions."""

from decimal import Decimal

import pytest

from engine.dmn import DmnError

TYPES = """
  <itemDefinition id="t1" name="tPerson"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>
    <itemComponent name="age"><typeRef>number</typeRef></itemComponent></itemDefinition>
  <itemDefinition id="t2" name="tAges" isCollection="true"><typeRef>number</typeRef>
    <allowedValues><text>[0..150]</text></allowedValues></itemDefinition>
  <itemDefinition id="t3" name="tFew" isCollection="true"><typeRef>number</typeRef>
    <typeConstraint><text>count(?) &lt;= 2</text></typeConstraint></itemDefinition>
  <itemDefinition id="t4" name="tYoung"><typeRef>tAge</typeRef><allowedValues><text>&lt; 18</text></allowedValues>
  </itemDefinition>
  <itemDefinition id="t5" name="tAge"><typeRef>number</typeRef><typeConstraint><text>&gt;= 0</text></typeConstraint>
  </itemDefinition>
  <itemDefinition id="t6" name="tRate"><functionItem outputTypeRef="number"><parameters name="n" typeRef="number"/>
    </functionItem></itemDefinition>
  <itemDefinition id="t7" name="tHouse"><itemComponent name="members" isCollection="true"><typeRef>tPerson</typeRef>
    </itemComponent></itemDefinition>
"""


@pytest.fixture
def ask(logic_model, xml, environment):
    """Return what a decision of the type makes of the expression."""

    def evaluated(type_ref, text, **inputs):
        model = logic_model(TYPES, xml["decision"](xml["literal"](text), type_ref=type_ref))
        return model.evaluate("d", inputs, environment)

    return evaluated


@pytest.mark.parametrize(
    ("type_ref", "text", "value"),
    [
        ("string", '["农村"]', "农村"),
        ("tAges", "5", [Decimal(5)]),
        ("tAges", "[5, 6]", [Decimal(5), Decimal(6)]),
        ("tAges", "[]", []),
        (
            "tPerson",
            '{name: "王某", age: 71, village: "东村"}',
            {"name": "王某", "age": Decimal(71), "village": "东村"},
        ),
        ("tPerson", '[{name: "王某", age: null}]', {"name": "王某", "age": None}),
        ("tHouse", '{members: {name: "王某", age: 1}}', {"members": [{"name": "王某", "age": Decimal(1)}]}),
        ("tFew", "[1, 2]", [Decimal(1), Decimal(2)]),
        ("tYoung", "17", Decimal(17)),
        ("integer", "3.0", Decimal("3.0")),
        ("list", "[[1]]", [[Decimal(1)]]),
        ("context", "{a: 1}", {"a": Decimal(1)}),
        ("Any", "null", None),
        ("tAges", "null", None),
    ],
)
def test_a_value_that_conforms_is_kept_or_converted(ask, type_ref, text, value):
    found = ask(type_ref, text)

    assert (found.value, list(found.problems)) == (value, [])


@pytest.mark.parametrize(
    ("type_ref", "text"),
    [
        ("string", "1 + 1"),
        ("string", '["a", "b"]'),
        ("string", "[1]"),
        ("number", '"1"'),
        ("integer", "1.5"),
        ("date", 'date and time("2026-01-01T00:00:00")'),
        ("boolean", "1"),
        ("range", "[1, 2]"),
        ("tAges", '[1, "x"]'),
        ("tAges", "[1, 151]"),
        ("tPerson", '{name: "王某"}'),
        ("tPerson", "{name: 5, age: 1}"),
        ("tHouse", '{members: [{name: "王某", age: "一"}]}'),
        ("tFew", "[1, 2, 3]"),
        ("tYoung", "18"),
        ("tYoung", "-1"),
        ("tRate", "5"),
        ("tRate", "function(a, b) a + b"),
    ],
)
def test_a_value_that_does_not_conform_is_null_and_a_problem(ask, type_ref, text):
    found = ask(type_ref, text)

    assert found.value is None
    assert type_ref in found.problems[0].message.zh or "tAge" in found.problems[0].message.zh


def test_a_function_is_held_to_its_type_when_it_is_called(logic_model, xml, environment):
    makes = xml["decision"](xml["literal"]('function(n) if n > 5 then "many" else n'), "rate", type_ref="tRate")
    model = logic_model(TYPES, makes, xml["decision"](xml["literal"]("[rate(2), rate(9)]"), requires=["Decision:rate"]))

    found = model.evaluate("d", {}, environment)

    assert found.value == [Decimal(2), None]
    assert "tRate" in found.problems[0].message.zh


def chain(length: int) -> str:
    links = (f'<itemDefinition name="t{n}"><typeRef>t{n + 1}</typeRef></itemDefinition>' for n in range(length))
    return "".join(links) + f'<itemDefinition name="t{length}"><typeRef>tTree</typeRef></itemDefinition>'


TREE = """<itemDefinition name="tTree"><itemComponent name="below" isCollection="true"><typeRef>t0</typeRef>
  </itemComponent></itemDefinition>"""


def test_a_chain_of_types_that_is_too_long_is_refused(logic_model, xml):
    with pytest.raises(DmnError) as refused:
        logic_model(chain(3000) + TREE, xml["decision"](xml["literal"]("1")))

    assert {finding.rule for finding in refused.value.findings} == {"dmn-type"}


def test_a_value_too_deep_for_a_type_that_holds_itself_is_null_and_a_problem(logic_model, xml, environment):
    tree: object = None
    for _ in range(28):
        tree = {"below": [tree]}
    given = '<inputData id="i" name="i"><variable name="i" typeRef="tTree"/></inputData>'
    model = logic_model(chain(15) + TREE, given, xml["decision"](xml["literal"]("i = null"), requires=["Input:i"]))

    found = model.evaluate("d", {"i": tree}, environment)

    assert (found.value, [problem.text for problem in found.problems]) == (True, ["i"])


@pytest.mark.parametrize("value", [object(), [{"a": b"bytes"}]], ids=["an object", "bytes inside"])
def test_a_value_that_feel_does_not_know_is_null_and_a_problem(logic_model, xml, environment, value):
    model = logic_model(
        '<inputData id="i" name="i"/>',
        f"""<businessKnowledgeModel id="k" name="k"><encapsulatedLogic><formalParameter name="i"/>
          {xml["literal"]("i = null")}</encapsulatedLogic></businessKnowledgeModel>""",
        xml["decision"](xml["literal"]("i = null"), requires=["Input:i"]),
    )

    for asked in ("d", "k"):
        found = model.evaluate(asked, {"i": value}, environment)
        assert (found.value, [problem.text for problem in found.problems]) == (True, ["i"])
