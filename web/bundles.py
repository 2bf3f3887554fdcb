"""The built browser files: their names carry a digest of their content."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import Flask, url_for

DIST = Path(__file__).parent / "static" / "dist"


def install(app: Flask) -> None:
    """Let templates name a bundle by its source name."""
    app.jinja_env.globals["bundle"] = bundle


def bundle(name: str) -> str:
    """Return the address of a built file, ``desk.css`` for example. Raises RuntimeError when it was not built."""
    names = _manifest()
    if name not in names:
        raise RuntimeError(f"Expected the built file {name!r} in {DIST}, but it is missing; install the package again.")
    return url_for("static", filename=f"dist/{names[name]}")


@cache
def _manifest() -> dict[str, str]:
    manifest = DIST / "manifest.json"
    if not manifest.exists():
        return {}
    names: dict[str, str] = json.loads(manifest.read_text("utf-8"))
    return names
