"""Answers that are files: the form stores keys with facts, the bytes lie elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from mimetypes import MimeTypes
from typing import Any

from engine.errors import Text
from engine.forms import messages
from engine.forms.fields import Field
from engine.forms.reading import Reading

_KNOWN = MimeTypes(filenames=())
_OFFICE = "application/vnd.openxmlformats-officedocument."
_TYPES = {".docx": _OFFICE + "wordprocessingml.document", ".xlsx": _OFFICE + "spreadsheetml.sheet"}


def held(keys: list[str], before: Any, files: Mapping[str, Mapping[str, Any]], label: Text) -> Reading:
    """Return the files behind the keys: uploaded for this form, or already in the answer; else a sentence."""
    kept = {item.get("file"): item for item in before if isinstance(item, Mapping)} if isinstance(before, list) else {}
    found = [_facts(key, files[key]) if key in files else kept.get(key) for key in keys]
    known = [item for item in found if item is not None]
    return Reading(known, None if len(known) == len(found) else messages.lost_file(label))


def check_files(field: Field, files: list[Mapping[str, Any]], label: Text) -> Text | None:
    """Return a sentence for too many files, one of a type the field does not take, or one too large."""
    if len(files) > field.max_files:
        return messages.too_many_files(label, field.max_files)
    for item in files:
        name = str(item.get("name", ""))
        if not accepts(field, name, str(item.get("type", ""))):
            return messages.wrong_file_type(label, name, "、".join(field.accept))
        if int(item.get("size") or 0) > field.max_file_size:
            return messages.large_file(label, name, field.max_file_size // (1024 * 1024))
    return None


def accepts(field: Field, name: str, type_: str) -> bool:
    """Return whether the field's ``accept`` lets a file of this sniffed type through, whatever its name says."""
    return not field.accept or any(_fits(wish, name, type_) for wish in field.accept)


def _fits(wish: str, name: str, type_: str) -> bool:
    if not wish.startswith("."):
        return wish in (type_, type_.partition("/")[0] + "/*")
    expected = _TYPES.get(wish) or _KNOWN.guess_type("x" + wish)[0]
    if expected is None or (expected.startswith("text/") and type_ == "text/plain"):
        return name.lower().endswith(wish)
    return expected == type_


def _facts(key: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    size = facts.get("size")
    plain = {"file": key, "name": str(facts.get("name", "")), "type": str(facts.get("type", ""))}
    return {**plain, "size": Decimal(size) if isinstance(size, int) else size}
