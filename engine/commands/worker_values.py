"""Which values outside workers may bring into a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import Invalid, Text
from engine.spiff.scopes import FACTS, HIDDEN
from engine.store.values import pack

LARGEST = 2_000_000


def accepted(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values. Raises Invalid for a name that belongs to the engine, and for what is no value or too large."""
    for name in values:
        if not name or name in FACTS or name.startswith(HIDDEN):
            message = Text(
                f"变量名“{name}”由系统使用,请改用别的名称。",
                f"Expected another name than “{name}”, which the engine uses.",
            )
            raise Invalid(message, {"variables": message})
    _check_size(values)
    return values


def _check_size(values: Mapping[str, Any]) -> None:
    try:
        size = len(pack(dict(values)))
    except (TypeError, ValueError, RecursionError) as error:
        message = Text("变量值应为 JSON 数据。", "Expected the variables as JSON values.")
        raise Invalid(message, {"variables": message}) from error
    if size > LARGEST:
        message = Text(
            f"变量总量应不超过 {LARGEST} 字节,但有 {size} 字节;请改传文件的引用。",
            f"Expected at most {LARGEST} bytes of variables, but there are {size}; pass a reference instead.",
        )
        raise Invalid(message, {"variables": message})
