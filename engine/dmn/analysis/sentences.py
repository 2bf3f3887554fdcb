"""The sentences about tables, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import Text


def overlapping(first: int, second: int, example: str) -> Text:
    """Return the sentence about two rules that match together and agree."""
    return Text(
        f"UNIQUE 应只有一条规则适用,但{_when(example)}第 {first} 条和第 {second} 条同时适用(结果相同),办理会因此停住;"
        "请合并两条规则,或改用 ANY。",
        f"Expected one rule to match under UNIQUE, but rules {first} and {second}, which agree, both match"
        f"{_if(example)}, and the case would stop there; merge them or use ANY.",
    )


def differing(first: int, second: int, example: str) -> Text:
    """Return the sentence about two rules that match together under UNIQUE."""
    return Text(
        f"UNIQUE 应只有一条规则适用,但{_when(example)}第 {first} 条和第 {second} 条同时适用,办理会因此停住;"
        "请使它们互不重叠,或改用 FIRST。",
        f"Expected one rule to match under UNIQUE, but rules {first} and {second} both match{_if(example)}, "
        "and the case would stop there; make them exclude each other or use FIRST.",
    )


def contradictory(first: int, second: int, example: str) -> Text:
    """Return the sentence about two rules that match together under ANY and differ."""
    return Text(
        f"ANY 应使同时适用的规则结果相同,但{_when(example)}第 {first} 条和第 {second} 条结果不同,办理会因此停住;"
        "请改正其中一条。",
        f"Expected equal outputs of rules that match together under ANY, but those of rules {first} and {second} "
        f"differ{_if(example)}, and the case would stop there; correct one of them.",
    )


def impossible(rule: int) -> Text:
    """Return the sentence about a rule whose cells no value passes."""
    return Text(
        f"第 {rule} 条规则应能适用,但它的输入格没有值能满足,或不在允许值之内;请改正或删去。",
        f"Expected rule {rule} to be able to match, but no allowed value passes its cells; correct or remove it.",
    )


def shadowed(rule: int, others: Sequence[int]) -> Text:
    """Return the sentence about a rule that others always come before."""
    shown = others[:5]
    zh, en = "、".join(map(str, shown)), ", ".join(map(str, shown))
    more = ("等", " and others") if len(others) > len(shown) else ("", "")
    return Text(
        f"第 {rule} 条规则应能决定结果,但凡它适用时,第 {zh} 条{more[0]}总先适用;请调整顺序或删去。",
        f"Expected rule {rule} to decide something, but whenever it matches, rule {en}{more[1]} comes before it; "
        "reorder or remove it.",
    )


def gap(examples: Sequence[str]) -> Text:
    """Return the sentence about inputs that no rule covers; an empty example stands for any input."""
    zh, en = ";".join(examples), "; ".join(examples)
    shown = Text(f",例如:{zh}", f", such as: {en}") if examples[0] else Text("", "")
    return Text(
        f"每种输入都应有规则适用,但有的没有,也没有默认输出{shown.zh}。请补充规则或默认输出,或在输入列写明允许值。",
        f"Expected a rule for every input, but there are inputs without one and no default output{shown.en}. "
        "Add a rule or a default output, or list the allowed values of the input.",
    )


def not_analysed() -> Text:
    """Return the sentence about a table with too many combinations."""
    return Text(
        "规则组合过多,遗漏和用不到的规则未能查完;请拆成几张表。",
        "Expected fewer combinations of rules: gaps and rules that never decide were not all looked for; "
        "split the table.",
    )


def _when(example: str) -> str:
    return f"当 {example} 时," if example else ""


def _if(example: str) -> str:
    return f" when {example}" if example else ""
