"""Personal numbers as they are shown without a reason to see them whole."""

from __future__ import annotations

_KEPT = {"cn_id": (6, 4), "cn_mobile": (3, 4), "bank_card": (0, 4)}


def mask(kind: str, value: object) -> str:
    """Return the number with its middle replaced by stars; short ones vanish whole."""
    text = str(value)
    head, tail = _KEPT[kind]
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]
