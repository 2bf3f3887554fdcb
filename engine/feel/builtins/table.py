"""The one table of built-in functions: the evaluator, the checks and the documentation read it."""

from __future__ import annotations

from engine.feel.builtins import (
    boolean,
    contexts,
    dates,
    lists,
    numbers,
    ranges,
    sorting,
    statistics,
    strings,
    workdays,
)
from engine.feel.functions import Builtin, by_name
from engine.feel.names import Index, index_of

FUNCTIONS: tuple[Builtin, ...] = (
    *boolean.FUNCTIONS,
    *numbers.FUNCTIONS,
    *strings.FUNCTIONS,
    *lists.FUNCTIONS,
    *sorting.FUNCTIONS,
    *statistics.FUNCTIONS,
    *contexts.FUNCTIONS,
    *dates.FUNCTIONS,
    *ranges.FUNCTIONS,
    *workdays.FUNCTIONS,
)
BUILTINS: dict[str, tuple[Builtin, ...]] = by_name(FUNCTIONS)
NAMES: Index = index_of(BUILTINS)
