"""Processes that wait for time and for an outside service, and what is asked of that service."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.runtime import RemoteRequest
from engine.testing import Kit

BUNDLES = Path(__file__).parent / "bundles"
# Where every request is noted, by whichever process asks; a request before this file exists waits for ever.
NOTES, OPEN = "ERRANDS_NOTES", "ERRANDS_OPEN"


def run(request: RemoteRequest) -> Mapping[str, Any]:
    with Path(os.environ[NOTES]).open("a", encoding="utf-8") as notes:
        notes.write(f"{request.key}\n")
    while not Path(os.environ[OPEN]).exists():
        time.sleep(0.02)
    return {"delivered": True}


def kit() -> Kit:
    return Kit("errands", BUNDLES, {}, {"errand.run": run})
