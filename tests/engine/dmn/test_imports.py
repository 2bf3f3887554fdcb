"""Files that import files: names behind the import's name, types, functions, and inputs of their own."""

from decimal import Decimal

import pytest

from engine.dmn import DmnError, load, load_among

KIND = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def box(text: str) -> str:
    return f"<literalExpression><text>{text.replace('<', '&lt;')}</text></literalExpression>"


def file(namespace: str, body: str, **imports: str) -> bytes:
    lines = "".join(
        f'<import id="import_{name}" name="{name.replace("_", " ")}" namespace="{target}" importType="{KIND}"/>'
        for name, target in imports.items()
    )
    head = f'<definitions xmlns="{KIND}" id="{namespace}" name="{namespace}" namespace="{namespace}">'
    return f"{head}{lines}{body}</definitions>".encode()


def requires(kind: str, href: str) -> str:
    arrow = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
    return f'<{arrow}><required{kind} href="{href}"/></{arrow}>'


STANDARDS = file(
    "urn:standards",
    f"""<itemDefinition id="t" name="tKinds" isCollection="true"><typeRef>string</typeRef></itemDefinition>
    <inputData id="region" name="region"><variable name="region" typeRef="string"/></inputData>
    <decision id="monthly" name="monthly standard">{requires("Input", "#region")}
      {box('if region = "城市" then 667 else 440')}</decision>
    <businessKnowledgeModel id="times" name="times"><encapsulatedLogic><formalParameter name="months" typeRef="number"/>
      <formalParameter name="standard"/>{box("months * standard")}</encapsulatedLogic></businessKnowledgeModel>
    <decisionService id="offer" name="offer"><outputDecision href="#monthly"/><inputData href="#region"/>
    </decisionService>""",
)


def test_a_decision_a_function_and_a_service_of_another_file_are_reached_behind_its_name(environment):
    main = file(
        "urn:main",
        f"""<decision id="a" name="a">{requires("Decision", "urn:standards#monthly")}
          {requires("Knowledge", "urn:standards#times")}{box("标准.times(3, 标准.monthly standard)")}</decision>
        <decision id="b" name="b">{requires("Knowledge", "urn:standards#offer")}{box('标准.offer("城市")')}</decision>
        <decision id="c" name="c">{requires("Knowledge", "urn:standards#times")}<invocation>{box("标准.times")}
          <binding><parameter name="standard"/>{box("10")}</binding>
          <binding><parameter name="months"/>{box("2")}</binding></invocation></decision>""",
        标准="urn:standards",
    )
    model = load(main, STANDARDS)

    assert model.evaluate("a", {"region": "农村"}, environment).value == Decimal(1320)
    assert model.evaluate("b", {}, environment).value == Decimal(667)
    assert model.evaluate("c", {}, environment).value == Decimal(20)


def test_types_of_another_file_are_named_behind_its_name(environment):
    main = file(
        "urn:main",
        f"""<itemDefinition id="own" name="tOwn"><typeRef>标准.tKinds</typeRef></itemDefinition>
        <decision id="a" name="a"><variable name="a" typeRef="标准.tKinds"/>{box('"临时救助"')}</decision>
        <decision id="b" name="b"><variable name="b" typeRef="tOwn"/>{box("[1]")}</decision>""",
        标准="urn:standards",
    )
    model = load(main, STANDARDS)

    assert model.evaluate("a", {}, environment).value == ["临时救助"]
    assert model.evaluate("b", {}, environment).problems
    with pytest.raises(DmnError):
        load(
            file(
                "urn:main", f'<decision id="a" name="a"><variable name="a" typeRef="标准.tGone"/>{box("1")}</decision>'
            )
        )


def test_input_data_of_another_file_is_given_flat_or_behind_its_name(environment):
    main = file(
        "urn:main",
        f'<decision id="a" name="a">{requires("Input", "urn:standards#region")}{box("标准.region")}</decision>',
        标准="urn:standards",
    )
    model = load(main, STANDARDS)

    assert model.evaluate("a", {"region": "农村"}, environment).value == "农村"
    assert model.evaluate("a", {"region": "农村", "标准": {"region": "城市"}}, environment).value == "城市"
    assert model.evaluate("a", {"region": 3}, environment).problems


def test_files_imported_twice_answer_for_the_inputs_given_along_each_way(environment):
    way = f'<decision id="m" name="half">{requires("Decision", "urn:standards#monthly")}{box("base.monthly standard / 2")}</decision>'
    first, second = (file(f"urn:{name}", way, base="urn:standards") for name in ("first", "second"))
    main = file(
        "urn:main",
        f"""<decision id="d" name="d">{requires("Decision", "urn:first#m")}{requires("Decision", "urn:second#m")}
          {box("[way one.half, way two.half]")}</decision>""",
        way_one="urn:first",
        way_two="urn:second",
    )
    model = load(main, first, second, STANDARDS)
    ways = {"way one": {"base": {"region": "城市"}}, "way two": {"base": {"region": "农村"}}}

    assert model.evaluate("d", ways, environment).value == [Decimal("333.5"), Decimal(220)]
    assert model.evaluate("d", {"region": "农村"}, environment).value == [Decimal(220), Decimal(220)]


def test_an_import_without_a_name_brings_its_names_as_they_are(environment):
    main = file(
        "urn:main",
        f'<decision id="d" name="d">{requires("Decision", "urn:standards#monthly")}{box("monthly standard")}</decision>',
    ).replace(b"<decision ", f'<import name="" namespace="urn:standards" importType="{KIND}"/><decision '.encode(), 1)

    assert load(main, STANDARDS).evaluate("d", {"region": "城市"}, environment).value == Decimal(667)


def test_an_import_that_is_not_there_is_refused_with_its_element():
    with pytest.raises(DmnError) as refused:
        load(file("urn:main", f'<decision id="d" name="d">{box("1")}</decision>', 标准="urn:standards"))

    assert [(finding.element, finding.rule) for finding in refused.value.findings] == [("import_标准", "dmn-import")]


def test_a_service_takes_input_decisions_of_another_file(environment):
    main = file(
        "urn:main",
        f"""<decision id="twice" name="twice">{requires("Decision", "urn:standards#monthly")}
          {box("标准.monthly standard * 2")}</decision>
        <decisionService id="s" name="s"><outputDecision href="#twice"/>
          <inputDecision href="urn:standards#monthly"/></decisionService>
        <decision id="d" name="d">{requires("Knowledge", "#s")}{box("s(10)")}</decision>""",
        标准="urn:standards",
    )
    model = load(main, STANDARDS)

    assert model.evaluate("s", {"标准": {"monthly standard": 7}}, environment).value == Decimal(14)
    assert model.evaluate("d", {}, environment).value == Decimal(20)


def test_a_file_finds_what_it_imports_among_the_others(environment):
    decision = f'<decision id="d" name="d">{requires("Decision", "urn:standards#monthly")}{box("标准.monthly standard")}</decision>'
    main = file("urn:main", decision, 标准="urn:standards")
    others = [("main.dmn", main), ("broken.dmn", b"?"), ("standards.dmn", STANDARDS)]

    model = load_among("main.dmn", main, others)

    assert model.evaluate("d", {"region": "农村"}, environment).value == Decimal(440)
    assert {info.id: info.file for info in model.decisions}["monthly"] == "standards.dmn"


def test_a_circle_through_two_files_is_refused_on_both_sides():
    one = file(
        "urn:one",
        f'<decision id="a" name="a">{requires("Decision", "urn:two#b")}{box("二.b")}</decision>',
        二="urn:two",
    )
    two = file(
        "urn:two",
        f'<decision id="b" name="b">{requires("Decision", "urn:one#a")}{box("一.a")}</decision>',
        一="urn:one",
    )

    with pytest.raises(DmnError) as refused:
        load(one, two)

    assert {(finding.element, finding.rule) for finding in refused.value.findings} == {
        ("a", "dmn-requirement"),
        ("b", "dmn-requirement"),
    }
