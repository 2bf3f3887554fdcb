"""How often a process that serves looks for garbage in cycles."""

from __future__ import annotations

import gc

# A step makes some ten thousand objects and hardly a cycle: Python's own 700 has every page pay for a search or two.
_YOUNG, _MIDDLE, _OLD = 20_000, 20, 50


def collect_seldom() -> None:
    """Leave what is loaded by now out of every later search, and search less often from here on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
