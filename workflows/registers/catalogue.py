"""The fixed lists that come with the program, in ``data/``."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any


def rows_of(file: str) -> list[dict[str, Any]]:
    """Return the rows of ``data/<file>.json``."""
    text = resources.files("workflows.registers").joinpath("data", f"{file}.json").read_text("utf-8")
    rows: list[dict[str, Any]] = json.loads(text)
    return rows
