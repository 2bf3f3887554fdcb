"""Regular expressions that run in linear time, whatever is typed."""

from __future__ import annotations

from typing import Protocol

import re2


class Pattern(Protocol):
    """A compiled RE2 expression; what the two methods return is true when the text fits."""

    def search(self, text: str) -> object:
        """Return a match anywhere in the text, None without one."""

    def fullmatch(self, text: str) -> object:
        """Return a match of the whole text, None without one."""


def re2_pattern(source: str) -> Pattern:
    """Return the compiled pattern; raises ValueError for what RE2 does not take."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        compiled: Pattern = re2.compile(source, options)  # type: ignore[no-untyped-call]  # re2 ships no types
    except re2.error as problem:
        reason = problem.args[0]
        raise ValueError(reason.decode() if isinstance(reason, bytes) else str(reason)) from problem
    return compiled
