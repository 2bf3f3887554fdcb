"""Reads a decision table as drawn, and refuses what has no clear meaning."""

from __future__ import annotations

from typing import cast

from lxml import etree

from engine.dmn.elements import check_language, child, children, line_of, refuse, text_of
from engine.dmn.errors import Complaints
from engine.dmn.tree import Aggregation, Expression, HitPolicy, Input, Output, Rule, Table
from engine.errors import Text

HIT_POLICIES = ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = ("SUM", "MIN", "MAX", "COUNT")


def read_table(element: etree._Element, complaints: Complaints) -> Table:
    """Return the table; what cannot be run is recorded as a finding."""
    table = Table(
        id=element.get("id"),
        line=line_of(element),
        hit_policy=_hit_policy(element, complaints),
        aggregation=_aggregation(element, complaints),
        inputs=tuple(_input(item, complaints) for item in children(element, "input")),
        outputs=tuple(_output(item) for item in children(element, "output")),
        annotation_names=tuple(item.get("name") or "" for item in children(element, "annotation")),
        rules=tuple(_rule(row, number, complaints) for number, row in enumerate(children(element, "rule"), 1)),
        type=element.get("typeRef"),
    )
    _check_shape(element, table, complaints)
    return table


def _hit_policy(element: etree._Element, complaints: Complaints) -> HitPolicy:
    name = element.get("hitPolicy") or "UNIQUE"
    if name not in HIT_POLICIES:
        _refuse(
            complaints,
            element,
            f"命中策略应为 {'、'.join(HIT_POLICIES)} 之一,但写的是“{name}”,请改正。",
            f"Expected one of the seven hit policies, but the table says “{name}”, so choose one of them.",
        )
        return "UNIQUE"
    return cast(HitPolicy, name)


def _aggregation(element: etree._Element, complaints: Complaints) -> Aggregation | None:
    name = element.get("aggregation")
    if name is None:
        return None
    if name not in AGGREGATIONS or element.get("hitPolicy") != "COLLECT":
        _refuse(
            complaints,
            element,
            f"汇总方式“{name}”只能是 SUM、MIN、MAX、COUNT,且只用于 COLLECT,请改正。",
            f"Expected SUM, MIN, MAX or COUNT under COLLECT, but the table aggregates by “{name}”, so correct it.",
        )
        return None
    return cast(Aggregation, name)


def _input(element: etree._Element, complaints: Complaints) -> Input:
    holder = child(element, "inputExpression")
    label = element.get("label") or text_of(holder)
    text = text_of(holder)
    if holder is None or not text:
        _refuse(
            complaints,
            element,
            f"输入列“{label}”应有表达式,但是空的,请写上变量名或表达式。",
            f"Expected an expression in input column “{label}”, but it is empty, so write a name or an expression.",
        )
        return Input(element.get("id"), label, Expression(None, line_of(element), "null"), None)
    check_language(holder, complaints)
    expression = Expression(holder.get("id") or element.get("id"), line_of(holder), text, holder.get("typeRef"))
    return Input(element.get("id"), label, expression, _optional(child(element, "inputValues")))


def _output(element: etree._Element) -> Output:
    name = element.get("name") or ""
    return Output(
        id=element.get("id"),
        line=line_of(element),
        label=element.get("label") or name,
        name=name,
        type=element.get("typeRef"),
        allowed=_optional(child(element, "outputValues")),
        default=_optional(child(element, "defaultOutputEntry")),
    )


def _optional(element: etree._Element | None) -> Expression | None:
    text = text_of(element)
    if element is None or not text:
        return None
    parent = element.getparent()
    holder = element.get("id") or (parent.get("id") if parent is not None else None)
    return Expression(holder, line_of(element), text)


def _rule(element: etree._Element, number: int, complaints: Complaints) -> Rule:
    inputs = tuple(_cell(cell, complaints, "-") for cell in children(element, "inputEntry"))
    outputs = tuple(_cell(cell, complaints, "") for cell in children(element, "outputEntry"))
    notes = (text_of(element, "description"), *(text_of(note) for note in children(element, "annotationEntry")))
    return Rule(element.get("id"), line_of(element), number, inputs, outputs, tuple(note for note in notes if note))


def _cell(element: etree._Element, complaints: Complaints, empty: str) -> Expression:
    check_language(element, complaints)
    return Expression(element.get("id"), line_of(element), text_of(element) or empty, element.get("typeRef"))


def _check_shape(element: etree._Element, table: Table, complaints: Complaints) -> None:
    if not table.outputs:
        _refuse(
            complaints,
            element,
            "决策表应至少有一个输出列,但没有,请补上。",
            "Expected at least one output column, but the table has none, so add one.",
        )
    _check_outputs(element, table, complaints)
    for rule, row in zip(table.rules, children(element, "rule"), strict=True):
        _check_rule(row, rule, table, complaints)


def _check_outputs(element: etree._Element, table: Table, complaints: Complaints) -> None:
    names = [output.name for output in table.outputs]
    if len(names) > 1 and (len(set(names)) < len(names) or "" in names):
        _refuse(
            complaints,
            element,
            "有多个输出列时,每列应有各自的名称,请补上或改名。",
            "Expected a name of its own on each of several output columns, so name them.",
        )
    if table.aggregation and len(names) > 1:
        _refuse(
            complaints,
            element,
            f"汇总 {table.aggregation} 只能有一个输出列,但有 {len(names)} 列,请拆成几张表。",
            f"Expected one output column under {table.aggregation}, but there are {len(names)}, so split the table.",
        )


def _check_rule(row: etree._Element, rule: Rule, table: Table, complaints: Complaints) -> None:
    if (len(rule.inputs), len(rule.outputs)) != (len(table.inputs), len(table.outputs)):
        _refuse(
            complaints,
            row,
            f"第 {rule.number} 条规则应有 {len(table.inputs)} 个输入格和 {len(table.outputs)} 个输出格,"
            f"但有 {len(rule.inputs)} 个和 {len(rule.outputs)} 个,请补齐。",
            f"Expected {len(table.inputs)} input and {len(table.outputs)} output cells in rule {rule.number}, "
            f"but there are {len(rule.inputs)} and {len(rule.outputs)}, so complete the row.",
        )
    for output in rule.outputs:
        if output.text in ("", "-"):
            _refuse(
                complaints,
                row,
                f"第 {rule.number} 条规则的输出格应有值,但是空的;没有值时请写 null。",
                f"Expected a value in every output cell of rule {rule.number}, but one is empty, "
                "so write null where none is meant.",
            )


def _refuse(complaints: Complaints, element: etree._Element, zh: str, en: str) -> None:
    refuse(complaints, element, "dmn-table", Text(zh, en))
