"""Reads the text of a template: prose with ``{{ FEEL | format }}``, and lines of ``{{#if}}`` and ``{{#each}}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from engine.documents.errors import Complaints
from engine.errors import Text

MAX_DEPTH = 10
_BLOCK = re.compile(r"^\s*\{\{\s*(#if|#each|else|/if|/each)\b\s*(.*?)\s*\}\}\s*$")
_EACH = re.compile(r"^(.+)\s+as\s+(\S+)$")
_STRING = re.compile(r'"(?:\\.|[^"\\])*"')


@dataclass(frozen=True, slots=True)
class Slot:
    """An expression inside a line, and the format its value is written in."""

    expression: str
    format: str | None
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of Markdown with its slots in place."""

    parts: tuple[str | Slot, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """Lines that stand only when the expression is true, others when it is not."""

    expression: Slot
    then: tuple[Node, ...]
    otherwise: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repetition:
    """Lines that stand once for each item of a list."""

    expression: Slot
    name: str
    body: tuple[Node, ...]


Node: TypeAlias = Line | Condition | Repetition


@dataclass(slots=True)
class _Open:
    """A block whose end has not been read yet."""

    kind: str
    head: Slot
    name: str = ""
    nodes: list[Node] = field(default_factory=list)
    then: list[Node] | None = None

    def close(self) -> Node:
        """Return the finished block."""
        if self.kind == "#each":
            return Repetition(self.head, self.name, tuple(self.nodes))
        if self.then is None:
            return Condition(self.head, tuple(self.nodes), ())
        return Condition(self.head, tuple(self.then), tuple(self.nodes))


def parse(text: str, first_line: int, complaints: Complaints) -> tuple[Node, ...]:
    """Return the template's lines and blocks; what cannot be read is recorded with its line of the file."""
    stack = [_Open("", Slot("", None, first_line, 1))]
    for number, line in enumerate(text.split("\n"), first_line):
        block = _BLOCK.match(line)
        if block is None:
            stack[-1].nodes.append(Line(tuple(_parts(line, number, complaints))))
        else:
            _take_block(stack, block, number, complaints)
    for left in stack[1:]:
        complaints.add(
            left.head.line,
            Text(
                f"{left.kind} 应以 {{{{/{left.kind[1:]}}}}} 结束,但没有,请补上。",
                f"Expected {{{{/{left.kind[1:]}}}}} to end this block, but there is none, so add it.",
            ),
        )
    return tuple(stack[0].nodes)


def _take_block(stack: list[_Open], block: re.Match[str], line: int, complaints: Complaints) -> None:
    kind, rest = block[1], block[2]
    if kind in ("#if", "#each"):
        _open(stack, kind, Slot(rest, None, line, block.start(2) + 1), complaints)
    elif kind == "else" and not rest and stack[-1].kind == "#if" and stack[-1].then is None:
        stack[-1].then, stack[-1].nodes = stack[-1].nodes, []
    elif kind[0] == "/" and not rest and stack[-1].kind == "#" + kind[1:]:
        node = stack.pop().close()
        stack[-1].nodes.append(node)
    else:
        complaints.add(
            line,
            Text(
                f"{{{{{kind}}}}} 在这里没有对应的开头,请检查 #if 与 #each 是否成对。",
                f"Expected an open block for {{{{{kind}}}}}, but there is none here, "
                "so pair every #if and #each with its end.",
            ),
        )


def _open(stack: list[_Open], kind: str, head: Slot, complaints: Complaints) -> None:
    name = ""
    if kind == "#each":
        each = _EACH.match(head.expression)
        if each is None or not each[2].isidentifier():
            complaints.add(
                head.line,
                Text(
                    "应写成 {{#each 列表 as 名称}},但不是,请改正。",
                    "Expected {{#each list as name}}, but this is something else, so correct it.",
                ),
            )
        else:
            head, name = Slot(each[1].strip(), None, head.line, head.column), each[2]
    elif not head.expression:
        complaints.add(
            head.line,
            Text(
                "{{#if}} 应有条件,但没有,请写上 FEEL 表达式。",
                "Expected a condition in {{#if}}, but there is none, so write a FEEL expression.",
            ),
        )
    if len(stack) > MAX_DEPTH:
        complaints.add(
            head.line,
            Text(
                f"#if 与 #each 最多嵌套 {MAX_DEPTH} 层,请简化。",
                f"Expected at most {MAX_DEPTH} blocks inside each other, but here are more, so simplify.",
            ),
        )
    stack.append(_Open(kind, head, name))


def _parts(line: str, number: int, complaints: Complaints) -> Iterator[str | Slot]:
    position = 0
    while (start := line.find("{{", position)) >= 0:
        end = _end_of_slot(line, start + 2)
        if end is None:
            complaints.add(
                number,
                Text(
                    "{{ 应在同一行以 }} 结束,但没有,请补上。",
                    "Expected }} on the same line after {{, but there is none, so add it.",
                ),
                column=start + 1,
            )
            return
        if start > position:
            yield line[position:start]
        yield _slot(line[start + 2 : end], number, start + 3, complaints)
        position = end + 2
    if position < len(line):
        yield line[position:]


def _end_of_slot(line: str, position: int) -> int | None:
    """A context literal may end in }} too, so braces are counted and strings passed over."""
    depth = 0
    while position < len(line):
        char = line[position]
        string = _STRING.match(line, position) if char == '"' else None
        if string is not None:
            position = string.end()
            continue
        if char == "}" and depth == 0 and line.startswith("}}", position):
            return position
        depth += {"{": 1, "}": -1}.get(char, 0)
        position += 1
    return None


def _slot(text: str, line: int, column: int, complaints: Complaints) -> Slot:
    """FEEL has no | outside strings, so the last such one begins the format."""
    blanked = _STRING.sub(lambda match: " " * len(match[0]), text)
    bar = blanked.rfind("|")
    expression = text if bar < 0 else text[:bar]
    if not expression.strip():
        complaints.add(
            line,
            Text(
                "{{ }} 中应有表达式,但是空的,请写上或删去。",
                "Expected an expression in {{ }}, but it is empty, so write one or remove it.",
            ),
            column=column,
        )
    indent = len(expression) - len(expression.lstrip())
    return Slot(expression.strip(), None if bar < 0 else text[bar + 1 :].strip(), line, column + indent)
