"""Renders a compiled template: values are gathered first, Markdown becomes HTML, then values are put in, escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engine.access import OFFICES
from engine.documents.formats import plain
from engine.documents.markdown import fill, slot, to_html
from engine.errors import ModelError, Text
from engine.feel import Compiled, Environment

# Markdown takes up to quadratic time for hostile text, values only memory.
MAX_PROSE = 100_000
MAX_VALUES = 1_000_000


@dataclass(frozen=True, slots=True)
class Value:
    """A compiled expression, the format its value is written in, and its line."""

    compiled: Compiled
    format: Callable[[object], str] | None
    line: int


@dataclass(frozen=True, slots=True)
class Prose:
    """One line of Markdown."""

    parts: tuple[str | Value, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Blocks that stand when the condition is true, and others when it is not."""

    condition: Value
    then: tuple[Block, ...]
    otherwise: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """Blocks that stand once for each item."""

    items: Value
    name: str
    body: tuple[Block, ...]


Block: TypeAlias = Prose | Choice | Loop


class WithItem(Mapping[str, object]):
    """The scope around a repetition with the item's name in front of it."""

    def __init__(self, outer: Mapping[str, object], name: str, item: object) -> None:
        self._outer, self._name, self._item = outer, name, item

    def __getitem__(self, key: str) -> object:
        return self._item if key == self._name else self._outer[key]

    def __iter__(self) -> Iterator[str]:
        yield self._name
        yield from (key for key in self._outer if key != self._name)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Rendering:
    """One notice in the making."""

    def __init__(self, title: str, environment: Environment) -> None:
        self._title = title
        self._environment = environment
        self._lines: list[str] = []
        self._values: dict[int, str] = {}
        self._prose = 0
        self._length = 0

    def html(self, blocks: Iterable[Block], context: Mapping[str, object]) -> str:
        """Return the notice's HTML; raises ModelError when a value cannot be had or written."""
        self._write(blocks, context)
        return fill(to_html("\n".join(self._lines)), self._values)

    def level(self, authority: Value, context: Mapping[str, object]) -> str:
        """Return the level of the authority that issues the notice; raises ModelError when it is none."""
        value = self._value(authority, context)
        if isinstance(value, str) and value in OFFICES:
            return value
        raise self._unfit(authority, Text(f"{'、'.join(OFFICES)} 之一", f"one of {', '.join(OFFICES)}"))

    def _write(self, blocks: Iterable[Block], context: Mapping[str, object]) -> None:
        for block in blocks:
            match block:
                case Prose():
                    self._line("".join(self._part(part, context) for part in block.parts))
                case Choice():
                    chosen = block.then if self._truth(block.condition, context) else block.otherwise
                    self._write(chosen, context)
                case Loop():
                    for item in self._items(block.items, context):
                        self._write(block.body, WithItem(context, block.name, item))

    def _line(self, text: str) -> None:
        self._prose += len(text) + 1
        if self._prose > MAX_PROSE:
            raise self._too_long()
        self._lines.append(text)

    def _too_long(self) -> ModelError:
        zh, en = "内容过长,请减少重复的内容。", "Expected a shorter notice, but it grows too long, so repeat less."
        return self._failure(Text(zh, en))

    def _part(self, part: str | Value, context: Mapping[str, object]) -> str:
        if isinstance(part, str):
            return part
        number = len(self._values)
        text = self._values[number] = self._written(part, self._value(part, context))
        self._length += len(text)
        if self._length > MAX_VALUES:
            raise self._too_long()
        return slot(number)

    def _written(self, part: Value, value: object) -> str:
        write = plain if part.format is None or value is None else part.format
        try:
            return write(value)
        except (TypeError, ValueError, ArithmeticError):
            raise self._unfit(
                part, Text("能按所要求的格式书写的值", "a value that can be written in this format")
            ) from None

    def _truth(self, part: Value, context: Mapping[str, object]) -> bool:
        value = self._value(part, context)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self._unfit(part, Text("真或假", "true or false"))

    def _items(self, part: Value, context: Mapping[str, object]) -> list[object]:
        value = self._value(part, context)
        if value is None or isinstance(value, list):
            return value or []
        raise self._unfit(part, Text("一个列表", "a list"))

    def _value(self, part: Value, context: Mapping[str, object]) -> object:
        evaluation = part.compiled.evaluate(context, self._environment)
        if evaluation.problems:
            cause = evaluation.problems[0].message
            raise self._failure(
                Text(
                    f"第 {part.line} 行“{part.compiled.text}”:{cause.zh}",
                    f"Line {part.line}, “{part.compiled.text}”: {cause.en}",
                )
            )
        return evaluation.value

    def _unfit(self, part: Value, expected: Text) -> ModelError:
        return self._failure(
            Text(
                f"第 {part.line} 行“{part.compiled.text}”应得到{expected.zh},但不是,请修改模板或数据。",
                f"Expected {expected.en} from “{part.compiled.text}” in line {part.line}, "
                "but it is something else, so correct the template or the data.",
            )
        )

    def _failure(self, message: Text) -> ModelError:
        return ModelError(
            Text(
                f"文书《{self._title}》无法生成。{message.zh}",
                f"The notice “{self._title}” cannot be produced. {message.en}",
            )
        )
