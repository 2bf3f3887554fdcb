"""What can be asked of a model: decisions, knowledge models and services, by id and by name."""

from decimal import Decimal

import pytest

from engine.dmn import DmnError
from engine.model import Hit


@pytest.fixture
def model(logic_model, xml):
    """A decision that calls a table in a knowledge model, offered by a service; none is named as its variable."""
    table = xml["table"]([("人数", "number")], [{"name": "r"}], [[">= 3", '"大户"'], ["< 3", '"小户"']])
    return logic_model(
        '<inputData id="members" name="家庭人口"><variable name="家庭人口" typeRef="number"/></inputData>',
        f"""<businessKnowledgeModel id="model_id" name="户型 规则"><variable name="户型"/>
          <encapsulatedLogic><formalParameter name="人数" typeRef="number"/>{table}</encapsulatedLogic>
        </businessKnowledgeModel>""",
        f"""<decision id="decision_id" name="认定 户型"><variable name="认定"/>
          <informationRequirement><requiredInput href="#members"/></informationRequirement>
          <knowledgeRequirement><requiredKnowledge href="#model_id"/></knowledgeRequirement>
          {xml["literal"]("户型(家庭人口)")}</decision>""",
        """<decisionService id="service_id" name="户型 服务"><variable name="服务"/>
          <outputDecision href="#decision_id"/><inputData href="#members"/></decisionService>""",
    )


ASKED = [
    *((name, {"人数": 4}) for name in ("model_id", "户型 规则", "户型")),
    *((name, {"家庭人口": 4}) for name in ("decision_id", "认定 户型", "认定")),
    *((name, {"家庭人口": 4}) for name in ("service_id", "户型 服务", "服务")),
]


@pytest.mark.parametrize(("asked", "inputs"), ASKED)
def test_anything_that_can_be_asked_is_found_by_its_id_and_its_names(model, environment, asked, inputs):
    found = model.evaluate(asked, inputs, environment)

    assert (found.value, list(found.problems)) == ("大户", [])


@pytest.mark.parametrize(
    ("asked", "inputs"),
    [("model_id", {"人数": Decimal(2)}), ("decision_id", {"家庭人口": 2}), ("service_id", {"家庭人口": 2})],
)
def test_what_led_to_an_answer_is_told_for_everything_that_can_be_asked(model, environment, asked, inputs):
    found = model.evaluate(asked, inputs, environment)

    assert (found.value, found.hits) == ("小户", (Hit("model_id", 2, ()),))


@pytest.mark.parametrize(
    ("asked", "missing"), [("model_id", "人数"), ("decision_id", "家庭人口"), ("service_id", "家庭人口")]
)
@pytest.mark.parametrize("given", [{}, {"人数": "四", "家庭人口": "四"}], ids=["nothing", "another type"])
def test_what_is_asked_without_what_it_needs_names_it(model, environment, asked, missing, given):
    found = model.evaluate(asked, given, environment)

    assert found.value is None
    assert missing in found.problems[0].message.zh


def test_a_name_given_twice_is_refused(logic_model, xml):
    twice = '<decisionService id="s" name="d"><outputDecision href="#d"/></decisionService>'
    with pytest.raises(DmnError) as refused:
        logic_model(xml["decision"](xml["literal"]("1")), twice)

    assert [(finding.element, finding.rule) for finding in refused.value.findings] == [("s", "dmn-duplicate")]
