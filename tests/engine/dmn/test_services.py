"""Decision services: decisions offered together, asked by name or called as functions."""

from decimal import Decimal

import pytest

from engine.dmn import DmnError
from engine.model import Hit

NEEDED = {"Input": "informationRequirement", "Decision": "informationRequirement", "Knowledge": "knowledgeRequirement"}
INCOME = '<inputData id="income" name="income"><variable name="income" typeRef="number"/></inputData>'


def box(text: str) -> str:
    return f"<literalExpression><text>{text.replace('<', '&lt;')}</text></literalExpression>"


def decision(id_: str, text: str, *requires: str, type_ref: str = "Any") -> str:
    arrows = "".join(
        f'<{NEEDED[kind]}><required{kind} href="#{href}"/></{NEEDED[kind]}>'
        for kind, href in (item.split(":") for item in requires)
    )
    logic = box(text) if text else ""
    return f'<decision id="{id_}" name="{id_}"><variable name="{id_}" typeRef="{type_ref}"/>{arrows}{logic}</decision>'


def service(*members: str, id_: str = "s", type_ref: str = "Any") -> str:
    parts = "".join(f'<{kind} href="#{href}"/>' for kind, href in (item.split(":") for item in members))
    return f'<decisionService id="{id_}" name="{id_}"><variable name="{id_}" typeRef="{type_ref}"/>{parts}</decisionService>'


PER_HEAD = decision("per_head", "income / persons", "Input:income", "Decision:persons")
PERSONS = decision("persons", "5", type_ref="number")
POOR = decision("poor", "per_head < 440", "Decision:per_head")
WHOLE = (
    INCOME,
    PER_HEAD,
    PERSONS,
    POOR,
    service("outputDecision:poor", "encapsulatedDecision:per_head", "inputDecision:persons", "inputData:income"),
)


def test_a_service_answers_with_its_output_and_takes_its_input_decisions_as_given(logic_model, environment):
    model = logic_model(*WHOLE)

    assert model.evaluate("s", {"income": 1000, "persons": 2}, environment).value is False
    assert model.evaluate("s", {"income": 1000, "persons": 4}, environment).value is True
    assert model.evaluate("poor", {"income": 2200, "persons": 9}, environment).value is False, "persons is 5 outside"
    assert model.decision("s").reads == {"income", "persons"}


def test_an_input_decision_that_is_not_given_is_a_problem(logic_model, environment):
    found = logic_model(*WHOLE).evaluate("s", {"income": 1000}, environment)

    assert found.value is None
    assert "persons" in found.problems[0].message.en


def test_several_outputs_become_a_context_by_name(logic_model, environment):
    both = service(
        "outputDecision:poor", "outputDecision:per_head", "inputDecision:persons", "inputData:income", id_="both"
    )

    found = logic_model(*WHOLE, both).evaluate("both", {"income": 800, "persons": 2}, environment)

    assert found.value == {"poor": True, "per_head": Decimal(400)}


@pytest.mark.parametrize("call", ["s(1000, 4)", "s(persons: 4, income: 1000)"])
def test_a_service_is_called_as_a_function_of_its_input_data_then_its_input_decisions(logic_model, environment, call):
    model = logic_model(*WHOLE, decision("d", call, "Knowledge:s"))

    assert model.evaluate("d", {"income": 99999, "persons": 1}, environment).value is True


@pytest.mark.parametrize("call", ["s()", "s(1)", "s(1, 2, 3)", "s(income: 1, people: 2)"])
def test_a_call_with_other_arguments_is_null_and_a_problem(logic_model, environment, call):
    found = logic_model(*WHOLE, decision("d", call, "Knowledge:s")).evaluate("d", {}, environment)

    assert found.value is None
    assert found.problems


def test_a_service_is_invoked_by_the_names_of_what_it_takes(logic_model, environment):
    bound = "".join(
        f'<binding><parameter name="{name}"/>{box(text)}</binding>'
        for name, text in (("persons", "4"), ("income", "1000"))
    )
    asks = f"""<decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>
      <invocation>{box("s")}{bound}</invocation></decision>"""

    assert logic_model(*WHOLE, asks).evaluate("d", {}, environment).value is True


def test_an_argument_that_does_not_conform_is_null_and_a_problem(logic_model, environment):
    echo = decision("echo", "persons = null", "Decision:persons")
    offered = service("outputDecision:echo", "inputDecision:persons")
    found = logic_model(PERSONS, echo, offered, decision("d", 's("four")', "Knowledge:s")).evaluate(
        "d", {}, environment
    )

    assert found.value is True
    assert "number" in found.problems[0].message.zh


def test_a_decision_without_logic_may_only_be_given(logic_model, environment):
    opinion = decision("opinion", "", type_ref="string")
    asks = decision("result", '"意见:" + opinion', "Decision:opinion")
    model = logic_model(opinion, asks, service("outputDecision:result", "inputDecision:opinion"))

    assert model.evaluate("s", {"opinion": "同意"}, environment).value == "意见:同意"
    assert model.evaluate("result", {"opinion": "同意"}, environment).problems
    with pytest.raises(DmnError):
        logic_model(opinion, asks)


def test_tables_inside_a_service_are_among_the_hits(logic_model, xml, environment):
    table = xml["table"]([("income", "number")], [{"name": "r"}], [["< 440", '"低保"'], [">= 440", '"其他"']])
    model = logic_model(
        INCOME,
        f'<decision id="sort" name="sort"><informationRequirement><requiredInput href="#income"/>'
        f"</informationRequirement>{table}</decision>",
        service("outputDecision:sort", "inputData:income"),
        decision("d", "s(300)", "Knowledge:s"),
    )

    assert model.evaluate("s", {"income": 500}, environment).hits == (Hit("sort", 2),)
    assert model.evaluate("d", {}, environment).hits == (Hit("sort", 1),)


def test_the_result_conforms_to_the_services_type_or_its_function_type(logic_model, environment):
    typed = """<itemDefinition id="t" name="tSort"><functionItem outputTypeRef="string">
      <parameters name="income" typeRef="number"/></functionItem></itemDefinition>"""
    amount = decision("amount", "income", "Input:income")
    for declared in ("string", "tSort"):
        offered = service("outputDecision:amount", "inputData:income", type_ref=declared)
        found = logic_model(typed, INCOME, amount, offered).evaluate("s", {"income": 5}, environment)

        assert found.value is None
        assert "string" in found.problems[0].message.zh


@pytest.mark.parametrize(
    "members",
    [
        ("encapsulatedDecision:per_head",),
        ("outputDecision:poor", "inputDecision:persons", "inputData:income"),
        ("outputDecision:poor", "encapsulatedDecision:per_head", "inputDecision:persons"),
        ("outputDecision:gone",),
    ],
)
def test_a_service_that_leaves_out_what_it_needs_is_refused(logic_model, members):
    with pytest.raises(DmnError) as refused:
        logic_model(INCOME, PER_HEAD, PERSONS, POOR, service(*members))

    assert {finding.element for finding in refused.value.findings} == {"s"}


def test_a_function_that_reads_more_than_it_is_given_is_refused(logic_model):
    reading = decision("reading", "policy.standard")
    offered = service("outputDecision:reading")
    model = f"""<businessKnowledgeModel id="k" name="k"><encapsulatedLogic>{box("policy.standard")}</encapsulatedLogic>
      </businessKnowledgeModel>"""

    assert logic_model(reading, offered).decision("s").reads == {"policy"}, "asked by name it sees the case"
    for elements in ((model,), (reading, offered, decision("d", "s()", "Knowledge:s"))):
        with pytest.raises(DmnError) as refused:
            logic_model(*elements)
        assert "policy" in refused.value.findings[0].message.zh
