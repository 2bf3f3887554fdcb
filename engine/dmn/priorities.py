"""The order of priority of a table's outputs, under the hit policies that ask for one (DMN 8.2)."""

from __future__ import annotations

from collections.abc import Sequence

from engine.dmn.tree import Expression, Output, Table
from engine.dmn.workshop import Workshop
from engine.errors import Text
from engine.feel import evaluate
from engine.feel.values import Range

_ORDERED = ("PRIORITY", "OUTPUT ORDER")


def priorities(table: Table, workshop: Workshop, declared: str | None) -> Sequence[Sequence[object]]:
    """Return for each output its values, highest first, none for an output without order or where none is asked for.

    The order is that of the output values, without them that of the allowed values of the output's type. A single
    output may leave its type to the table, or to the decision, whose type is ``declared``.
    """
    if table.hit_policy not in _ORDERED:
        return [()] * len(table.outputs)
    whole = table.type or declared if len(table.outputs) == 1 else None
    texts = [_text(output, workshop, whole) for output in table.outputs]
    if not any(texts):
        _refuse(
            table,
            workshop,
            f"{table.hit_policy} 按输出允许值的先后排序,但没有列出允许值,请补上。",
            f"Expected output values in order of priority under {table.hit_policy}, but none are listed, so list them.",
        )
    return [_values(text, output, workshop) if text else () for text, output in zip(texts, table.outputs, strict=True)]


def _text(output: Output, workshop: Workshop, whole: str | None) -> str | None:
    if output.allowed:
        return output.allowed.text
    _, restrictions = workshop.types.root(output.type or whole)
    return restrictions[0].text if restrictions else None


def _values(text: str, output: Output, workshop: Workshop) -> Sequence[object]:
    """A list of output values is also a list literal; its order is the priority."""
    found = evaluate(f"[{text}]", {})
    if isinstance(found, list) and not any(value is None or isinstance(value, Range) for value in found):
        return found
    _refuse(
        output.allowed or output,
        workshop,
        f"允许的输出值应是用逗号隔开的值,但写的是“{text}”,请改正。",
        f"Expected output values separated by commas, but found “{text}”, so correct them.",
    )
    return ()


def _refuse(drawn: Table | Output | Expression, workshop: Workshop, zh: str, en: str) -> None:
    workshop.complaints.add(drawn.id, drawn.line, "dmn-table", Text(zh, en))
