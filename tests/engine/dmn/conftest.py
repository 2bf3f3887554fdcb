from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape

import pytest

from engine.clock import SHANGHAI, Calendar
from engine.dmn import Model, load
from engine.feel import Environment

DMN13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"


@pytest.fixture
def environment() -> Environment:
    return Environment(datetime(2026, 9, 24, 20, tzinfo=SHANGHAI), Calendar({}))


def definitions(body: str, namespace: str = DMN13, extra: str = "") -> bytes:
    head = f'<definitions xmlns="{namespace}" id="defs" name="测试" namespace="http://example.org/dmn" {extra}>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}\n</definitions>'.encode()


def decision_table(
    inputs: Sequence[tuple[str, str] | tuple[str, str, str]],
    outputs: Sequence[dict[str, str]],
    rules: Sequence[Sequence[str]],
    policy: str = "UNIQUE",
    aggregation: str = "",
    prefix: str = "",
) -> str:
    """A table as dmn-js writes it; each rule lists input cells, output cells, then annotations."""
    rows = []
    for number, cells in enumerate(rules, 1):
        split = len(inputs), len(inputs) + len(outputs)
        entries = [
            f'<inputEntry id="{prefix}i{number}_{n}"><text>{escape(cell)}</text></inputEntry>'
            for n, cell in enumerate(cells[: split[0]])
        ]
        entries += [
            f'<outputEntry id="{prefix}o{number}_{n}"><text>{escape(cell)}</text></outputEntry>'
            for n, cell in enumerate(cells[split[0] : split[1]])
        ]
        notes = [f"<description>{escape(note)}</description>" for note in cells[split[1] :]]
        rows.append(f'<rule id="{prefix}r{number}">{"".join(notes)}{"".join(entries)}</rule>')
    columns = "".join(_input(f"{prefix}{{kind}}{number}", *item) for number, item in enumerate(inputs, 1))
    results = "".join(_output(f"{prefix}out{number}", item) for number, item in enumerate(outputs, 1))
    attributes = f'hitPolicy="{policy}"' + (f' aggregation="{aggregation}"' if aggregation else "")
    return f'<decisionTable id="{prefix}table" {attributes}>{columns}{results}{"".join(rows)}</decisionTable>'


def _input(id_form: str, expression: str, type_ref: str, allowed: str = "") -> str:
    values = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
    return (
        f'<input id="{id_form.format(kind="in")}" label="{escape(expression)}">'
        f'<inputExpression id="{id_form.format(kind="ie")}" typeRef="{type_ref}">'
        f"<text>{escape(expression)}</text></inputExpression>{values}</input>"
    )


def _output(id_: str, item: dict[str, str]) -> str:
    allowed = item.get("allowed")
    values = f"<outputValues><text>{escape(allowed)}</text></outputValues>" if allowed else ""
    default = item.get("default")
    entry = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    return (
        f'<output id="{id_}" name="{item.get("name", "")}" typeRef="{item.get("type", "string")}">'
        f"{values}{entry}</output>"
    )


def decision(logic: str, name: str = "d", requires: Sequence[str] = (), type_ref: str = "") -> str:
    arrows = "".join(
        f'<informationRequirement id="{name}-{href}"><required{kind} href="#{href}"/></informationRequirement>'
        for kind, href in (item.split(":") for item in requires)
    )
    variable = f'<variable name="{name}" typeRef="{type_ref}"/>' if type_ref else ""
    return f'<decision id="{name}" name="{name}">{variable}{arrows}{logic}</decision>'


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


@pytest.fixture(scope="session")
def xml() -> dict[str, Callable[..., str]]:
    return {"table": decision_table, "decision": decision, "literal": literal, "definitions": definitions}


@pytest.fixture
def table_model() -> Callable[..., Model]:
    """Return a function that loads a file with one table, decision d."""

    def build(*arguments: object, **options: object) -> Model:
        return load(definitions(decision(decision_table(*arguments, **options))), file="d.dmn")

    return build


@pytest.fixture
def logic_model() -> Callable[..., Model]:
    """Return a function that loads a file with the given elements."""

    def build(*elements: str, names: Sequence[str] = ()) -> Model:
        return load(definitions("\n".join(elements)), file="d.dmn", names=names)

    return build
