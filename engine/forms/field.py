"""The JSON of one question -> a compiled Field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from engine.errors import Text
from engine.feel import Compiled
from engine.forms import checks, rules
from engine.forms.fields import Check, Field, Offer, number_of
from engine.forms.node import Node
from engine.forms.options import CHOICES, MAX_OPTIONS, option_of
from engine.forms.reading import MOMENTS, read

FIELD_TYPES = frozenset({
    "textfield", "textarea", "number", "datetime", "checkbox", "checklist", "radio", "select", "taglist",
    "filepicker", "expression",
})  # fmt: skip
SENSITIVE = frozenset({"cn_id", "cn_mobile", "bank_card"})
MAX_TEXT = {"textfield": 1_000, "textarea": 20_000}
AUTOCOMPLETE = frozenset({
    "name", "tel", "email", "street-address", "postal-code", "bday", "organization", "username", "off", "on",
    "address-level1", "address-level2", "address-level3", "address-level4",
})  # fmt: skip


def compile_field(node: Node, type_: str, key: str, name: tuple[str, ...], shared: dict[str, Any]) -> Field:
    """Return the field; whatever is wrong with it is in the node's report. ``shared`` is what every component has."""
    validate = node.inside("validate")
    named = _named(node)
    drawn, node.reads = node.reads, set()
    found_checks = tuple(_checks(node, type_, validate, named))
    node.settle_checks()
    node.reads = drawn
    look = node.inside("appearance")
    field = Field(
        **shared,
        key=key,
        name=name,
        required=node.predicate(validate.get("required"), "必填条件 required"),
        readonly=node.predicate(node.raw.get("readonly"), "只读条件 readonly"),
        disabled=node.predicate(node.raw.get("disabled"), "停用条件 disabled"),
        checks=found_checks,
        offer=_offer(node) if type_ in CHOICES else Offer(),
        expression=_expression(node) if type_ == "expression" else None,
        subtype=_subtype(node) if type_ == "datetime" else "",
        digits=_digits(node, type_, named),
        as_text=node.raw.get("serializeToString") is True,
        max_length=_max_length(node, type_),
        accept=_accept(node),
        max_files=_max_files(node) if type_ == "filepicker" else 1,
        max_file_size=node.whole(node.fact("max_size_mb"), 10, 1, 200, "max_size_mb") * 1024 * 1024,
        sensitive=next((word for word in named if word in SENSITIVE), ""),
        facts=_facts(node, named),
        prefix=node.caption(look.get("prefixAdorner"), "prefix_en", "前缀"),
        suffix=node.caption(look.get("suffixAdorner"), "suffix_en", "后缀"),
    )
    return _with_default(node, field)


def _named(node: Node) -> tuple[str, ...]:
    """Return the words of ``properties.validate``: names of checks, or an order and a field such as ``after start``."""
    return tuple(word.strip() for word in node.fact("validate").replace(",", ";").split(";") if word.strip())


def _digits(node: Node, type_: str, named: tuple[str, ...]) -> int | None:
    if "money" in named:
        return 2
    found = node.raw.get("decimalDigits")
    return node.whole(found, 0, 0, 10, "decimalDigits") if type_ == "number" and found is not None else None


def _max_length(node: Node, type_: str) -> int:
    return node.whole(node.fact("max_length"), MAX_TEXT.get(type_, 1_000), 1, 100_000, "max_length")


def _max_files(node: Node) -> int:
    several = node.predicate(node.raw.get("multiple"), "multiple") is not False
    return node.whole(node.fact("max_files"), 20, 1, 100, "max_files") if several else 1


def _accept(node: Node) -> tuple[str, ...]:
    return tuple(word.strip().lower() for word in node.text("accept").split(",") if word.strip())


def _expression(node: Node) -> Compiled | None:
    compiled = node.expression(node.raw.get("expression"), "表达式 expression")
    if compiled is None:
        node.refuse(
            "form-expression",
            "计算字段应有表达式，请填写 expression",
            "Expected an expression in this field but there is none, so write one",
        )
    return compiled


def _subtype(node: Node) -> str:
    subtype = node.text("subtype")
    if subtype in MOMENTS:
        return subtype
    node.refuse(
        "form-type",
        f"日期字段的 subtype 应为 date、time 或 datetime，现为“{subtype}”，请改正",
        f"Expected subtype date, time or datetime but found “{subtype}”, so correct it",
    )
    return "date"


def _offer(node: Node) -> Offer:
    source = node.fact("source")
    if source:
        return Offer(source=source)
    found = node.raw.get("valuesExpression") or node.raw.get("valuesKey")
    if isinstance(found, str):
        return Offer(expression=node.expression(found, "选项表达式"))
    values = node.raw.get("values")
    options = [option_of(item) for item in values[:MAX_OPTIONS]] if isinstance(values, list) else []
    fixed = tuple(option for option in options if option is not None)
    texts = [str(option.value) for option in fixed]
    if not fixed or len(fixed) < len(options) or len(set(texts)) < len(texts):
        node.refuse(
            "form-options",
            "选项应至少有一个，且每个选项的值不为空、不重复，请检查选项",
            "Expected at least one option, each with its own value, so check the options",
        )
    return Offer(fixed=fixed)


def _facts(node: Node, named: tuple[str, ...]) -> dict[str, str]:
    """Return what only the page needs: the input's kind, autocomplete and whether the number is money."""
    facts = {"input": "text", "inputmode": "", "searchable": "", "money": "yes" if "money" in named else ""}
    wish = node.fact("autocomplete")
    if wish and wish not in AUTOCOMPLETE:
        node.refuse(
            "form-autocomplete",
            f"autocomplete“{wish}”不可用，可用：{'、'.join(sorted(AUTOCOMPLETE))}",
            f"Expected a known autocomplete but found “{wish}”, so use {', '.join(sorted(AUTOCOMPLETE))}",
        )
    kind = node.inside("validate").get("validationType", "")
    facts["autocomplete"] = wish or {"email": "email", "phone": "tel"}.get(kind, "off")
    if kind == "email" or "email" in named:
        facts["input"] = "email"
    if kind == "phone" or "cn_mobile" in named or "phone" in named:
        facts["input"] = "tel"
    if "bank_card" in named or "region" in named:
        facts["inputmode"] = "numeric"
    if node.raw.get("searchable") is True:
        facts["searchable"] = "yes"
    return facts


def _checks(node: Node, type_: str, validate: Mapping[str, Any], named: tuple[str, ...]) -> list[Check]:
    found = rules.limit_checks(type_, _limits(node, validate))
    found += _pattern(node, type_, validate)
    kind = validate.get("validationType")
    if kind in ("email", "phone") and type_ in rules.TEXTS:
        found.append(checks.NAMED[kind])
    found += [check for word in named if (check := _named_check(node, type_, word)) is not None]
    found += _steps(node, type_)
    return found + own_condition(node)


def _limits(node: Node, validate: Mapping[str, Any]) -> dict[str, rules.Limit]:
    limits: dict[str, rules.Limit] = {}
    for name in (*rules.BOUNDS, *rules.LENGTHS):
        found = validate.get(name)
        if found in (None, ""):
            continue
        is_feel = isinstance(found, str) and found.startswith("=")
        limit = node.expression(found, name) if is_feel else number_of(found)
        if limit is not None:
            limits[name] = limit
        elif not is_feel:
            node.refuse(
                "form-number",
                f"{name} 应为数字或以 = 开头的表达式，请改正",
                f"Expected {name} to be a number or an expression, so correct it",
            )
    return limits


def _pattern(node: Node, type_: str, validate: Mapping[str, Any]) -> list[Check]:
    pattern = validate.get("pattern")
    if not pattern or type_ not in rules.TEXTS:
        return []
    zh = node.fact("pattern_message")
    try:
        return [rules.pattern_check(str(pattern), Text(zh, node.fact("pattern_message_en") or zh) if zh else None)]
    except ValueError as problem:
        node.refuse(
            "form-pattern",
            f"格式 {pattern} 无法使用（{problem}），请改用 RE2 支持的写法（无前后查找、无回引）",
            f"Expected a pattern of RE2 but {pattern} is none ({problem}), so use no look-around",
        )
        return []


def _named_check(node: Node, type_: str, word: str) -> Check | None:
    name, _, other = word.partition(" ")
    if name in checks.ORDERS and type_ == "datetime" and other.strip():
        return _ordered(node, name, other.strip())
    fits = type_ == "number" if name == "money" else type_ in rules.TEXTS or (name == "region" and type_ == "select")
    if word in checks.NAMED and fits:
        return checks.NAMED[word]
    known = "、".join((*checks.NAMED, *(f"{order} 字段" for order in checks.ORDERS)))
    node.refuse(
        "form-validate",
        f"校验“{word}”不适用于此字段，可用：{known}",
        f"Expected a check that fits this field but found “{word}”, so use one of {known}",
    )
    return None


def _ordered(node: Node, order: str, other: str) -> Check | None:
    if other not in ("today", "now") and other not in node.names:
        node.refuse(
            "form-validate",
            f"校验“{order} {other}”中没有名为 {other} 的字段，请改正",
            f"Expected a field named {other} but there is none, so correct “{order} {other}”",
        )
        return None
    if other not in ("today", "now"):
        node.reads.add(other)
    fixed = {"today": Text("今天", "today"), "now": Text("现在", "now")}
    return checks.compared(order, other, fixed.get(other) or node.names[other])


def _steps(node: Node, type_: str) -> list[Check]:
    increment = number_of(node.raw.get("increment"))
    if type_ == "number" and increment is not None and increment > 0:
        return [rules.increment_check(increment)]
    return [rules.no_past_check] if type_ == "datetime" and node.raw.get("disallowPassedDates") is True else []


def own_condition(node: Node) -> list[Check]:
    """Return the check of ``properties.check``, an expression that must be true, with its own message."""
    text = node.fact("check")
    if not text:
        return []
    compiled = node.expression(text, "校验表达式 check")
    zh = node.fact("check_message")
    if not zh:
        node.refuse(
            "form-validate",
            "校验表达式 check 应有提示语，请填写 check_message",
            "Expected a check_message beside check but there is none, so write one",
        )
    return [rules.condition_check(compiled, Text(zh, node.fact("check_message_en") or zh))] if compiled else []


def _with_default(node: Node, field: Field) -> Field:
    default = node.raw.get("defaultValue")
    if default is None or default == "" or field.type in ("expression", "filepicker"):
        return field
    reading = read(field, default, Text(field.key, field.key))
    if reading.refusal is not None:
        refusal = reading.refusal
        node.refuse("form-default", f"默认值不合适：{refusal.zh}", f"The default does not fit: {refusal.en}")
    return replace(field, default=_typed_choice(field, reading.value))


def _typed_choice(field: Field, value: Any) -> Any:
    if field.type in ("radio", "select") and isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value
