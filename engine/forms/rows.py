"""The buttons that add and remove lines and files, which work as plain submit buttons."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from engine.forms.fields import RowList
from engine.forms.filling import ABSENT, ROW_MARK, dig
from engine.forms.parse import ROW_BUTTON, Post, Target, find


def pressed(post: Post) -> str | None:
    """Return what the pressed button asks (``add members``, ``remove members[2]``, ``refresh``), None for no button."""
    sent = post.get(ROW_BUTTON)
    if not sent:
        return None
    return sent if isinstance(sent, str) else sent[-1]


def changed(known: Mapping[str, Target], raw: Mapping[str, Any], wish: str) -> dict[str, Any]:
    """Return a copy of the answers with one line or file more or less; unchanged when the wish makes no sense."""
    answers = copy.deepcopy(dict(raw))
    verb, _, name = wish.partition(" ")
    if verb == "add":
        _add(known, answers, name)
    if verb == "remove" and name.endswith("]"):
        _remove(known, answers, name)
    return answers


def attached(known: Mapping[str, Target], raw: Mapping[str, Any], name: str, key: str) -> dict[str, Any]:
    """Return a copy of the answers in which the file field ``name`` holds one more uploaded file."""
    answers = copy.deepcopy(dict(raw))
    place = _place(known, answers, name)
    if place is not None:
        holder, last = place
        before = holder.get(last)
        holder[last] = [*(before if isinstance(before, list) else []), key]
    return answers


def _add(known: Mapping[str, Target], answers: dict[str, Any], name: str) -> None:
    found, place = find(known, name), _place(known, answers, name)
    if found is None or place is None or not isinstance(found[0].leaf, RowList):
        return
    holder, last = place
    rows = holder.setdefault(last, [])
    if found[0].leaf.adjustable and len(rows) < found[0].leaf.max_rows:
        rows.append({ROW_MARK: ""})


def _remove(known: Mapping[str, Target], answers: dict[str, Any], name: str) -> None:
    stem, _, number = name[:-1].rpartition("[")
    place = _place(known, answers, stem)
    if place is None or not number.isdecimal():
        return
    rows = place[0].get(place[1])
    if isinstance(rows, list) and int(number[:4]) < len(rows):
        del rows[int(number[:4])]


def _place(known: Mapping[str, Target], answers: dict[str, Any], name: str) -> tuple[dict[str, Any], str] | None:
    """Return the mapping that holds the answer of this input name, and the last step of its name."""
    found = find(known, name)
    if found is None or found[0].is_row:
        return None
    target, numbers = found
    holder: Any = answers
    for row_list, number in zip(target.lists, numbers, strict=True):
        rows = dig(holder, row_list.name)
        if rows is ABSENT or not isinstance(rows, list) or number >= len(rows):
            return None
        holder = rows[number]
    for step in target.leaf.name[:-1]:
        holder = holder.setdefault(step, {})
    return holder, target.leaf.name[-1]
