"""YAML as plain data with the place of every key: no anchors, no tags, no dates guessed, numbers exact.

Scalars follow the YAML 1.2 core schema, so ``on``, ``no`` and ``12:30`` stay text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import yaml

from engine.errors import Rejected, Text
from engine.model import Finding, Position

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_VALUES = 50_000

Path = tuple[str | int, ...]
Plain = None | bool | Decimal | str | list["Plain"] | dict[str, "Plain"]

_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?")
_WORDS: Mapping[str, Plain] = {"": None, "~": None, "null": None, "true": True, "false": False}


class FileError(Rejected):
    """A file cannot be used; ``findings`` say where and what to do, the first one is the message."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(findings[0].message)
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a YAML file holds and where each key, by its path, stands."""

    file: str
    value: Plain
    marks: Mapping[Path, Position] = field(default_factory=dict)

    def place(self, path: Path) -> Position | None:
        """Return where the path, or the nearest one around it, stands."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path)


def load(data: bytes, file: str) -> Sheet:
    """Return the content of a YAML file.

    Raises FileError when it is no UTF-8 YAML, exceeds a cap, has a key twice or uses anchors or tags.
    """
    if len(data) > MAX_BYTES:
        message = Text(
            f"文件应不超过 {MAX_BYTES // 1_000_000} MB,请删减后再上传。",
            f"Expected at most {MAX_BYTES // 1_000_000} MB, but the file is larger, so shorten it.",
        )
        raise FileError(Finding(file, None, None, "yaml", "error", message))
    try:
        return _Builder(file).build(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        message = Text(
            "文件应以 UTF-8 保存,请另存为 UTF-8。", "Expected UTF-8, but some bytes are not, so save the file as UTF-8."
        )
        raise FileError(Finding(file, None, None, "yaml", "error", message)) from None
    except yaml.YAMLError as error:
        raise FileError(_syntax(file, error)) from None


def _syntax(file: str, error: yaml.YAMLError) -> Finding:
    mark = getattr(error, "problem_mark", None)
    place = Position(mark.line + 1, mark.column + 1) if mark else None
    problem = str(getattr(error, "problem", None) or "unreadable characters")[:120]
    message = Text(
        "文件应为正确的 YAML,但此处无法解读,请检查缩进、冒号和引号。",
        f"Expected correct YAML, but this place cannot be read ({problem}), so check indentation, colons and quotes.",
    )
    return Finding(file, None, place, "yaml", "error", message)


@dataclass(slots=True)
class _Open:
    """A list or mapping still being filled; ``key`` is the pending key of a mapping."""

    value: list[Plain] | dict[str, Plain]
    path: Path
    key: str | None = None


class _Builder:
    """Builds the value from parser events, which come flat: depth cannot exhaust the stack."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.marks: dict[Path, Position] = {}
        self.open: list[_Open] = []
        self.root: list[Plain] = []

    def build(self, text: str) -> Sheet:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            self.take(event)
        return Sheet(self.file, self.root[0] if self.root else None, self.marks)

    def take(self, event: yaml.Event) -> None:
        if getattr(event, "anchor", None) or getattr(event, "tag", None) not in (None, "!"):
            self.refuse(
                event,
                Text(
                    "此处不得使用锚点、别名或标签,请直接写出内容。",
                    "Expected no anchors, aliases or tags, but there is one, so write the content itself.",
                ),
            )
        if isinstance(event, yaml.DocumentStartEvent) and self.root:
            self.refuse(
                event,
                Text(
                    "文件应只有一个文档,请删去“---”之后的内容。",
                    "Expected one document, but there are several, so remove what follows “---”.",
                ),
            )
        if isinstance(event, yaml.ScalarEvent):
            self.scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            value: dict[str, Plain] | list[Plain] = {} if isinstance(event, yaml.MappingStartEvent) else []
            self.open.append(_Open(value, self.put(event, value)))
            if len(self.open) > MAX_DEPTH:
                self.refuse(
                    event,
                    Text(
                        f"嵌套应不超过 {MAX_DEPTH} 层。",
                        f"Expected at most {MAX_DEPTH} nested levels, but there are more, so flatten the file.",
                    ),
                )
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.open.pop()

    def scalar(self, event: yaml.ScalarEvent) -> None:
        holder = self.open[-1] if self.open else None
        if holder is None or isinstance(holder.value, list) or holder.key is not None:
            self.put(event, _scalar(event))
            return
        if event.value in holder.value:
            self.refuse(
                event,
                Text(
                    f"键“{event.value}”应只写一次,请合并。",
                    f"Expected the key “{event.value}” once, but it is here again, so merge the two.",
                ),
            )
        holder.key = event.value
        self.mark((*holder.path, event.value), event)

    def put(self, event: yaml.Event, value: Plain) -> Path:
        if not self.open:
            self.root.append(value)
            self.mark((), event)
            return ()
        holder = self.open[-1]
        if isinstance(holder.value, list):
            path: Path = (*holder.path, len(holder.value))
            holder.value.append(value)
            self.mark(path, event)
            return path
        if holder.key is None:
            self.refuse(event, Text("键应是一个词,请改写。", "Expected a word as key, but this is a list or mapping."))
        path = (*holder.path, holder.key or "")
        holder.value[holder.key or ""] = value
        holder.key = None
        return path

    def mark(self, path: Path, event: yaml.Event) -> None:
        self.marks[path] = _place(event)
        if len(self.marks) > MAX_VALUES:
            self.refuse(
                event,
                Text(
                    f"内容应不超过 {MAX_VALUES} 项。",
                    f"Expected at most {MAX_VALUES} values, but there are more, so split the file.",
                ),
            )

    def refuse(self, event: yaml.Event, message: Text) -> None:
        raise FileError(Finding(self.file, None, _place(event), "yaml", "error", message))


def _place(event: yaml.Event) -> Position:
    mark = event.start_mark
    return Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)


def _scalar(event: yaml.ScalarEvent) -> Plain:
    if event.style:
        return event.value
    if event.value.lower() in _WORDS:
        return _WORDS[event.value.lower()]
    return Decimal(event.value) if _NUMBER.fullmatch(event.value) else event.value
