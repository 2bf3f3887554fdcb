from decimal import Decimal
from pathlib import Path

import pytest

from engine.dmn import DmnError, load
from engine.model import Hit

MODELER = Path(__file__).with_name("publicity_days.dmn")
NAMESPACES = [
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
]


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_files_of_every_version_answer(xml, environment, namespace):
    data = xml["definitions"](xml["decision"](xml["literal"]("1 + 1")), namespace)

    assert load(data).evaluate("d", {}, environment).value == 2


def test_a_file_saved_by_the_modeler_with_its_drawing_answers(environment):
    model = load(MODELER.read_bytes(), file=MODELER.name)

    found = model.evaluate("publicity_days", {"kind": "tekun"}, environment)

    assert (found.value, found.hits) == (7, (Hit("publicity_days", 2, ("43 art22", "办法第二十二条")),))
    assert model.decision("publicity_days").table.annotation_names == ("依据",)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"<definitions/>", "dmn-version"),
        (b"not xml", "not-xml"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><definitions/>', "doctype"),
        (b'<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL"/>', "dmn-version"),
    ],
)
def test_what_is_no_decision_file_is_refused(data, rule):
    with pytest.raises(DmnError) as refused:
        load(data)

    assert refused.value.findings[0].rule == rule


@pytest.mark.parametrize("language", ["juel", "javascript", "http://www.w3.org/1999/XPath"])
def test_another_expression_language_is_refused(xml, language):
    logic = f'<literalExpression id="le" expressionLanguage="{language}"><text>1</text></literalExpression>'

    with pytest.raises(DmnError) as refused:
        load(xml["definitions"](xml["decision"](logic)))

    assert [(finding.element, finding.rule) for finding in refused.value.findings] == [("le", "dmn-language")]


@pytest.mark.parametrize(
    ("body", "element"),
    [
        ('<decisionService id="s" name="s"/>', "s"),
        ('<decision id="d" name="d"/>', "d"),
        ('<decision id="d" name="d"><conditional id="c"/></decision>', "c"),
        ('<decision id="d" name="d"><for id="f" iteratorVariable="x"/></decision>', "f"),
        ('<decision id="d" name="d"><functionDefinition id="f" kind="PMML"/></decision>', "f"),
        (
            '<decision id="d" name="d"><literalExpression id="l"><importedValues/></literalExpression></decision>',
            "l",
        ),
        ('<businessContextElement id="b" name="b"/>', "b"),
        ('<import id="i" name="i" namespace="urn:x" importType="http://www.dmg.org/PMML-4_1"/>', "i"),
        (
            '<businessKnowledgeModel id="b" name="b"><encapsulatedLogic kind="Java"><literalExpression><text>1</text>'
            "</literalExpression></encapsulatedLogic></businessKnowledgeModel>",
            "b",
        ),
    ],
)
def test_what_cannot_be_run_is_refused_with_its_element(xml, body, element):
    with pytest.raises(DmnError) as refused:
        load(xml["definitions"](body))

    assert {finding.element for finding in refused.value.findings} == {element}
    assert refused.value.findings[0].message.zh


def test_a_file_with_too_many_cells_is_refused_before_it_is_compiled(xml):
    rules = [[f"{number}", '"a"'] for number in range(10_001)]

    with pytest.raises(DmnError) as refused:
        load(xml["definitions"](xml["decision"](xml["table"]([("n", "number")], [{"name": "r"}], rules))))

    assert [finding.rule for finding in refused.value.findings] == ["dmn-size"]


def test_what_only_explains_is_passed_over(xml, environment):
    told = """<knowledgeSource id="law" name="办法"/><textAnnotation id="note"><text>说明</text></textAnnotation>
      <association id="line"><sourceRef href="#d"/><targetRef href="#note"/></association><group id="g" name="组"/>
      <elementCollection id="all" name="全部"><drgElement href="#d"/></elementCollection>
      <performanceIndicator id="days" name="时限"/><organizationUnit id="town" name="乡镇"/>"""
    logic = f"""<question>多少?</question><allowedAnswers>数</allowedAnswers>
      <authorityRequirement id="from"><requiredAuthority href="#law"/></authorityRequirement>{xml["literal"]("1 + 1")}
      <decisionOwner href="#town"/>"""

    found = load(xml["definitions"](told + xml["decision"](logic))).evaluate("d", {}, environment)

    assert (found.value, list(found.problems)) == (Decimal(2), [])
