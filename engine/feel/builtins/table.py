"""The one table of built-in functions: the evaluator, the checks and the documentation read it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import Text
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


@dataclass(frozen=True, slots=True)
class Group:
    """Functions of one subject; ``id`` is a word for links."""

    id: str
    title: Text
    functions: tuple[Builtin, ...]


GROUPS: tuple[Group, ...] = (
    Group("boolean", Text("真假与有无", "Truth and presence"), boolean.FUNCTIONS),
    Group("numbers", Text("数字", "Numbers"), numbers.FUNCTIONS),
    Group("strings", Text("文本", "Strings"), strings.FUNCTIONS),
    Group("lists", Text("列表", "Lists"), (*lists.FUNCTIONS, *sorting.FUNCTIONS)),
    Group("statistics", Text("统计", "Statistics"), statistics.FUNCTIONS),
    Group("contexts", Text("上下文", "Contexts"), contexts.FUNCTIONS),
    Group("dates", Text("日期与时间", "Dates and times"), dates.FUNCTIONS),
    Group("ranges", Text("区间", "Ranges"), ranges.FUNCTIONS),
    Group("workdays", Text("工作日与年龄", "Working days and ages"), workdays.FUNCTIONS),
)
FUNCTIONS: tuple[Builtin, ...] = tuple(builtin for group in GROUPS for builtin in group.functions)
BUILTINS: dict[str, tuple[Builtin, ...]] = by_name(FUNCTIONS)
NAMES: Index = index_of(BUILTINS)
