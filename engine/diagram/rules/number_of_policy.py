"""An amount, a rate or a deadline stands in ``policy.yaml`` and is read as ``policy.…``, not drawn into a diagram.

What a ministry may change is found and changed in one place, with its source and its date. Found are a timer written as
a date or duration, durations and working days of more than one, and any number that is a value of ``policy.yaml``.
Counts, places in a list, ages and the units ``P1D``, ``P1M`` stay: numbers below ten without a fraction mean nothing
by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from re import compile as pattern

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Flow, Node
from engine.errors import Text
from engine.feel import FeelSyntaxError
from engine.feel.lexer import Token, tokens_of
from engine.model import Finding

NAME = "number-of-policy"

_AGES = "years"
_TELLING = Decimal(10)
_DURATION = pattern(r'"-?P(?!1[YMWD]")(?!T1[HMS]")(?=\d|T\d)[\dYMWDTHS.]+"')


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every number of this kind; a folder without numbers of its own or shared has none."""
    values = _values(subject)
    if not values:
        return
    for element, text in _texts(subject):
        for number in _numbers(text, values):
            yield subject.finding(NAME, element, _sentence(element, number, values), "warning")


def _values(subject: Subject) -> Mapping[Decimal, str]:
    found: dict[Decimal, str] = {}
    for name, entry in subject.bundle.policy.items():
        for value in entry.values:
            if isinstance(value.value, Decimal) and entry.unit != _AGES:
                found.setdefault(value.value, name)
    return found


def _texts(subject: Subject) -> Iterator[tuple[Node | Flow, str]]:
    for checked in subject.expressions:
        yield checked.expression.element, checked.expression.text
    for node in subject.nodes.values():
        literal = node.event.expression if node.event and node.event.kind == "timer" else None
        if literal and not literal.startswith("="):
            yield node, f'duration("{literal}")'


def _numbers(text: str, values: Mapping[Decimal, str]) -> Iterator[str]:
    tokens: Sequence[Token] = ()
    with suppress(FeelSyntaxError):
        tokens = tokens_of(text.removeprefix("="))
    for place, token in enumerate(tokens):
        if token.kind == "string" and _DURATION.fullmatch(token.text):
            yield token.text.strip('"')
        elif token.kind == "number":
            value = Decimal(token.text)
            telling = value >= _TELLING or value != int(value)
            if (telling and value in values) or (value > 1 and _is_working_days(tokens, place)):
                yield token.text


def _is_working_days(tokens: Sequence[Token], place: int) -> bool:
    """Return whether the number is the second argument of ``workdays after``."""
    if tokens[place - 1].text != "," or tokens[place + 1].text != ")":
        return False
    depth = 0
    for at in range(place - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(tokens[at].text, 0)
        if depth < 0:
            return [one.text for one in tokens[max(0, at - 2) : at]] == ["workdays", "after"]
    return False


def _sentence(element: Node | Flow, number: str, values: Mapping[Decimal, str]) -> Text:
    name = next((name for value, name in values.items() if str(value) == number), "")
    zh = f"policy.{name}" if name else "policy.yaml 中的参数"
    en = f"policy.{name}" if name else "a number of policy.yaml"
    return Text(
        f"{shown(element)}里写了“{number}”;金额、比例和期限应写在 policy.yaml 中,请改为读取 {zh}。",
        f"Expected amounts, rates and deadlines in policy.yaml, but {shown(element)} says {number!r}; read {en}.",
    )
