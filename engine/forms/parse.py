"""An HTML post -> the typed answers as they were typed, nested; what the form does not ask is dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.forms.fields import MAX_ROWS, Field, Leaf, Part, RowList
from engine.forms.filling import ROW_MARK

MAX_NAME = 300
ROW_BUTTON = "_row"
_INDEX = re.compile(r"\[(\d{1,3})\]")
Post = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Target:
    """What an input's name means: the repeated groups it stands in, and its leaf; ``is_row`` marks one line."""

    lists: tuple[RowList, ...]
    leaf: Leaf
    is_row: bool = False


def targets(part: Part) -> dict[str, Target]:
    """Return every input name of a part, with ``[]`` for the row numbers."""
    return dict(_targets(part, "", ()))


def _targets(part: Part, prefix: str, lists: tuple[RowList, ...]) -> Iterator[tuple[str, Target]]:
    for leaf in part.leaves:
        name = prefix + ".".join(leaf.name)
        yield name, Target(lists, leaf)
        if isinstance(leaf, RowList):
            inner = (*lists, leaf)
            yield f"{name}[]", Target(inner, leaf, is_row=True)
            yield from _targets(leaf.part, f"{name}[].", inner)


def find(known: Mapping[str, Target], name: str) -> tuple[Target, list[int]] | None:
    """Return the target of an input's name with its row numbers, None when the form has no such input."""
    if len(name) > MAX_NAME:
        return None
    target = known.get(_INDEX.sub("[]", name))
    numbers = [int(number) for number in _INDEX.findall(name)]
    return (target, numbers) if target is not None and all(number < MAX_ROWS for number in numbers) else None


def parse(part: Part, known: Mapping[str, Target], post: Post) -> dict[str, Any]:
    """Return the nested answers of a post; a row's numbers may have gaps."""
    root: dict[str, Any] = {}
    for name, sent in post.items():
        found = find(known, name)
        if found is None:
            continue
        target, numbers = found
        holder = _holder(root, target, numbers)
        texts = [sent] if isinstance(sent, str) else list(sent)
        if target.is_row:
            holder[ROW_MARK] = texts[-1] if texts else ""
        elif isinstance(target.leaf, RowList):
            _branch(holder, target.leaf.name).setdefault(target.leaf.name[-1], {})
        else:
            _branch(holder, target.leaf.name)[target.leaf.name[-1]] = _typed(target.leaf, texts)
    return _compact(part, root)


def _holder(root: dict[str, Any], target: Target, numbers: list[int]) -> dict[str, Any]:
    for row_list, number in zip(target.lists, numbers, strict=True):
        rows = _branch(root, row_list.name).setdefault(row_list.name[-1], {})
        root = rows.setdefault(number, {})
    return root


def _branch(holder: dict[str, Any], name: tuple[str, ...]) -> dict[str, Any]:
    for step in name[:-1]:
        holder = holder.setdefault(step, {})
    return holder


def _typed(field: Field, texts: list[str]) -> Any:
    if field.type == "checkbox":
        return "true" in texts
    if field.type in ("checklist", "taglist", "filepicker"):
        return [text for text in texts if text]
    return texts[-1] if texts else ""


def _compact(part: Part, holder: dict[str, Any]) -> dict[str, Any]:
    for leaf in part.leaves:
        if not isinstance(leaf, RowList):
            continue
        branch: Any = holder
        for step in leaf.name[:-1]:
            branch = branch.get(step, {})
        rows = branch.get(leaf.name[-1])
        if rows is not None:
            branch[leaf.name[-1]] = [_compact(leaf.part, rows[number]) for number in sorted(rows)]
    return holder
