"""Compiles a notice template: every expression, format and place is checked before anything is rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.documents import front_matter, template
from engine.documents.errors import Complaints
from engine.documents.formats import FORMATS
from engine.documents.markdown import CLOSE, OPEN, slot, slots_in, to_html
from engine.documents.rendering import Block, Choice, Loop, Prose, Value
from engine.documents.template import Condition, Line, Node, Repetition, Slot
from engine.errors import Text
from engine.feel import Compiled, FeelSyntaxError, compile_expression
from engine.model import Problem

MAX_CHARACTERS = 30_000


class Compiler:
    """Turns the nodes of one template into blocks that can be rendered, and gathers what they read."""

    def __init__(self, complaints: Complaints) -> None:
        self.complaints = complaints
        self.reads: set[str] = set()
        self.paths: set[tuple[str, ...]] = set()

    def blocks(self, nodes: Iterable[Node], names: frozenset[str], local: frozenset[str]) -> tuple[Block, ...]:
        """Return the compiled nodes; ``local`` are the names of the repetitions around them."""
        return tuple(self._block(node, names, local) for node in nodes)

    def authority(self, slot: Slot | None, names: frozenset[str]) -> Value | None:
        """Return the compiled level of the authority a notice comes from, if its head says one."""
        return self._expression(slot, names, frozenset()) if slot else None

    def _block(self, node: Node, names: frozenset[str], local: frozenset[str]) -> Block:
        match node:
            case Line():
                return Prose(tuple(self._part(part, names, local) for part in node.parts))
            case Condition():
                condition = self._expression(node.expression, names, local)
                then = self.blocks(node.then, names, local)
                return Choice(condition, then, self.blocks(node.otherwise, names, local))
            case Repetition():
                items = self._expression(node.expression, names, local)
                inner = frozenset({node.name})
                return Loop(items, node.name, self.blocks(node.body, names | inner, local | inner))

    def _part(self, part: str | Slot, names: frozenset[str], local: frozenset[str]) -> str | Value:
        return part if isinstance(part, str) else self._expression(part, names, local)

    def _expression(self, part: Slot, names: frozenset[str], local: frozenset[str]) -> Value:
        if part.format is not None and part.format not in FORMATS:
            self.complaints.add(
                part.line,
                Text(
                    f"格式应为 {'、'.join(FORMATS)} 之一,但写的是“{part.format}”,请改正。",
                    f"Expected one of the formats {', '.join(FORMATS)}, but found “{part.format}”, so correct it.",
                ),
                column=part.column,
            )
        compiled = self._compiled(part, names)
        self._note(compiled, local)
        return Value(compiled, FORMATS.get(part.format or ""), part.line)

    def _compiled(self, part: Slot, names: frozenset[str]) -> Compiled:
        try:
            compiled = compile_expression(part.expression, names)
        except FeelSyntaxError as error:
            self._refuse(part, error.problem)
            return compile_expression("null", ())
        for problem in compiled.findings:
            self._refuse(part, problem)
        for name in sorted(compiled.calls):
            zh = f"“{name}”应是 FEEL 函数,但不是,请改正。"
            en = f"Expected “{name}” to be a FEEL function, but it is not, so correct the name."
            self._refuse(part, Problem(max(part.expression.find(name), 0), name, Text(zh, en)))
        return compiled

    def _refuse(self, part: Slot, problem: Problem) -> None:
        column = part.column + problem.position
        self.complaints.add(part.line, problem.message, column=column, rule="document-expression")

    def _note(self, compiled: Compiled, local: frozenset[str]) -> None:
        self.reads |= compiled.reads - local
        self.paths |= {path for path in compiled.paths if path[0] not in local}


def compile_template(
    text: bytes, file: str, names: Iterable[str]
) -> tuple[front_matter.FrontMatter, Compiler, Value | None, tuple[Block, ...]]:
    """Return the template's facts, what it reads, who issues it, and its blocks.

    Raises DocumentError with every finding.
    """
    complaints = Complaints(file)
    source = _decode(text, complaints)
    head, first_line = front_matter.split(source, complaints)
    facts = front_matter.read(head, complaints)
    body = "\n".join(source.split("\n")[first_line - 1 :])
    nodes = template.parse(body, first_line, complaints)
    compiler = Compiler(complaints)
    authority = compiler.authority(facts.authority, frozenset(names))
    blocks = compiler.blocks(nodes, frozenset(names), frozenset())
    _check_places(nodes, complaints)
    complaints.raise_if_any()
    return facts, compiler, authority, blocks


def _decode(data: bytes, complaints: Complaints) -> str:
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        complaints.add(
            1,
            Text(
                "文件应以 UTF-8 保存,但不是,请另存为 UTF-8。",
                "Expected UTF-8, but the file has another encoding, so save it as UTF-8.",
            ),
        )
        text = ""
    if len(text) > MAX_CHARACTERS:
        complaints.add(
            1,
            Text(
                f"文书模板应不超过 {MAX_CHARACTERS} 字,但更长,请拆分。",
                f"Expected at most {MAX_CHARACTERS} characters, but the template has more, so split it.",
            ),
        )
    if OPEN in text or CLOSE in text:
        complaints.add(
            1,
            Text(
                "文书模板含有不可见的保留字符(U+E000、U+E001),请删去。",
                "Expected no characters U+E000 and U+E001, but the template has one, so remove it.",
            ),
        )
    complaints.raise_if_any()
    return text


def _check_places(nodes: Iterable[Node], complaints: Complaints) -> None:
    """A slot inside a link's address would lose its mark there, so its value would never be printed."""
    slots: list[Slot] = []
    text = "\n".join(_marked(nodes, slots))
    found = set(slots_in(to_html(text)))
    for number, part in enumerate(slots):
        if number not in found:
            complaints.add(
                part.line,
                Text(
                    "{{ }} 不能用在链接地址等处,请移到正文里。",
                    "Expected {{ }} in the text, but this one is inside a link's address, so move it.",
                ),
                column=part.column,
            )


def _marked(nodes: Iterable[Node], slots: list[Slot]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Line():
                yield "".join(_mark(part, slots) for part in node.parts)
            case Condition():
                yield from _marked(node.then, slots)
                yield from _marked(node.otherwise, slots)
            case Repetition():
                yield from _marked(node.body, slots)


def _mark(part: str | Slot, slots: list[Slot]) -> str:
    if isinstance(part, str):
        return part
    slots.append(part)
    return slot(len(slots) - 1)
