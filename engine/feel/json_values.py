"""JSON in and out: a context to evaluate with, and the answer to an expression."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from engine.errors import Invalid, Text
from engine.feel.writing import text_of
from engine.model import Evaluation, Problem

LONGEST = 100_000
_decoder = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)


def context_from_json(text: str | bytes) -> dict[str, Any]:
    """Return the context that a JSON object writes, every number exactly; nothing at all is an empty context.

    Raises Invalid when the text is no object or longer than 100,000 characters.
    """
    if len(text) > LONGEST:
        raise Invalid(Text("上下文应不超过十万字符。", "Expected a context of at most 100,000 characters."))
    if not text.strip():
        return {}
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        why = str(error)[:120]
        zh = f'上下文应是一个 JSON 对象，如 {{"年龄": 70}}，但它不是({why})。'
        raise Invalid(Text(zh, f'Expected a JSON object such as {{"age": 70}}, but it is none ({why}).')) from None


def answer_as_json(evaluation: Evaluation) -> str:
    """Return ``{value, problems: [{position, text, message: {zh, en}}]}`` as JSON; numbers keep every digit.

    What JSON has no form for, dates and ranges for example, is written as FEEL's ``string()`` does.
    """
    answer = {"value": _plain(evaluation.value), "problems": [_problem(problem) for problem in evaluation.problems]}
    return msgspec.json.format(_encoder.encode(answer), indent=2).decode()


def _problem(problem: Problem) -> dict[str, Any]:
    message = {"zh": problem.message.zh, "en": problem.message.en}
    return {"position": problem.position, "text": problem.text, "message": message}


def _plain(value: Any) -> Any:
    if type(value) is list:
        return [_plain(item) for item in value]
    if type(value) is dict:
        return {key: _plain(item) for key, item in value.items()}
    return value if value is None or type(value) in (bool, str, Decimal) else text_of(value)


_encoder = msgspec.json.Encoder(decimal_format="number")
