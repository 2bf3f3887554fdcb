"""The head of a template: what the notice is called, on which law it rests, who reads it."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from engine.access import OFFICES
from engine.documents.errors import Complaints
from engine.documents.template import Slot
from engine.errors import Text

_FENCE = "---"
_TEXTS = ("id", "title", "number", "basis", "audience")
_NAMES = (*_TEXTS, "remedies", "authority")
_REQUIRED = ("id", "title")
_STRING, _BOOL, _NULL = "tag:yaml.org,2002:str", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The facts about a notice: ``number`` is the prefix of its document number, ``authority`` FEEL for a level."""

    id: str
    title: str
    number: str = ""
    basis: str = ""
    audience: str = ""
    remedies: bool = False
    authority: Slot | None = None


def split(text: str, complaints: Complaints) -> tuple[str, int]:
    """Return the YAML between the two fences and the line on which the text below begins.

    Raises DocumentError when a fence is missing.
    """
    lines = text.split("\n")
    closing = next((index for index, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if lines[0].rstrip() != _FENCE or closing is None:
        complaints.add(
            1,
            Text(
                "文件应以 --- 包围的文书信息(id、title 等)开头,但没有,请补上。",
                "Expected the file to begin with facts (id, title …) between two lines of ---, "
                "but it does not, so add them.",
            ),
        )
        complaints.raise_if_any()
    return "\n".join(lines[1:closing]), (closing or 0) + 2


def read(text: str, complaints: Complaints) -> FrontMatter:
    """Return the facts; wrong, unknown, doubled and missing ones are recorded with their line of the file."""
    found: dict[str, str | bool | Slot] = {}
    for key, value in _pairs(text, complaints):
        _take(found, key, value, complaints)
    for name in _REQUIRED:
        if not found.get(name):
            complaints.add(
                1,
                Text(
                    f"文书信息中应有 {name},但没有,请补上。",
                    f"Expected “{name}” in the head of the notice, but it is missing, so add it.",
                ),
            )
    texts = {name: str(found.get(name, "")) for name in _TEXTS}
    authority = found.get("authority")
    return FrontMatter(
        **texts,
        remedies=bool(found.get("remedies", False)),
        authority=authority if isinstance(authority, Slot) else None,
    )


def _pairs(text: str, complaints: Complaints) -> list[tuple[yaml.Node, yaml.Node]]:
    """Composing, not loading: nodes keep their lines, and no alias is ever expanded."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        complaints.add(
            mark.line + 2 if mark else 1,
            Text(
                "文书信息应为“名称: 值”的 YAML,但这一行无法解读,请改正。",
                "Expected “name: value” lines in YAML, but this line cannot be read, so correct it.",
            ),
        )
        return []
    if not isinstance(node, yaml.MappingNode):
        complaints.add(
            1,
            Text(
                "文书信息应为“名称: 值”,但没有,请补上。",
                "Expected “name: value” lines, but there are none, so add them.",
            ),
        )
        return []
    pairs: list[tuple[yaml.Node, yaml.Node]] = node.value
    return pairs


def _take(found: dict[str, str | bool | Slot], key: yaml.Node, value: yaml.Node, complaints: Complaints) -> None:
    name = key.value if isinstance(key, yaml.ScalarNode) else ""
    line = key.start_mark.line + 2
    if name not in _NAMES:
        complaints.add(
            line,
            Text(
                f"文书信息只能有 {'、'.join(_NAMES)},但有“{name}”,请删去或改名。",
                f"Expected one of {', '.join(_NAMES)}, but found “{name}”, so remove or rename it.",
            ),
        )
    elif name in found:
        complaints.add(
            line,
            Text(
                f"{name} 应只写一次,但写了两次,请删去一个。",
                f"Expected “{name}” once, but it is there twice, so remove one.",
            ),
        )
    elif name == "remedies":
        found[name] = _truth(value, line, complaints)
    elif name == "authority":
        found[name] = _authority(_text(name, value, line, complaints), value, complaints)
    else:
        found[name] = _text(name, value, line, complaints)


def _text(name: str, value: yaml.Node, line: int, complaints: Complaints) -> str:
    if isinstance(value, yaml.ScalarNode) and value.tag != _NULL:
        return str(value.value)
    complaints.add(
        line,
        Text(
            f"{name} 应为一段文字,但不是,请改写。",
            f"Expected a text as “{name}”, but it is something else, so write a text.",
        ),
    )
    return ""


def _truth(value: yaml.Node, line: int, complaints: Complaints) -> bool:
    if value.tag == _BOOL:
        return str(value.value).lower() in ("true", "yes", "on")
    complaints.add(
        line,
        Text(
            "remedies 应为 true 或 false,但不是,请改写。",
            "Expected true or false as “remedies”, but it is something else, so write one of them.",
        ),
    )
    return False


def _authority(text: str, value: yaml.Node, complaints: Complaints) -> Slot:
    """Return the expression after “=”; a level written plainly stands for itself."""
    line, column = value.start_mark.line + 2, value.start_mark.column + 1
    if text.startswith("="):
        return Slot(text[1:].strip(), None, line, column + 1)
    if text not in OFFICES:
        complaints.add(
            line,
            Text(
                f"authority（出具机关的层级）应为 {'、'.join(OFFICES)} 之一,或以 = 开头的 FEEL,但写的是“{text}”,请改正。",
                f"Expected one of {', '.join(OFFICES)} or FEEL that begins with = as “authority”, the level that issues "
                f"the notice, but found “{text}”, so correct it.",
            ),
            column=column,
        )
    return Slot(f'"{text}"', None, line, column)
