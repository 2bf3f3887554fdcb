"""Variables of a case: search and look at one, personal numbers masked unless a reason for seeing them is given."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import msgspec
from flask import request

from engine.commands.reveal import reveal
from engine.errors import Invalid, NotFound, Text
from engine.queries.variables import CaseVariables, Variable, case_variables
from web.api.filters import UNSET, KeyFilter, TextFilter
from web.api.operation import Operation
from web.api.searching import PageRequest, SearchPage
from web.api.shapes import TENANT, Answer, Body, Key, Tenant, encode, number, to_json
from web.context import actor, reading, runtime, tx, writing

REVEAL = "Reveal-Reason"
LONGEST_SHOWN = 8191
_PLACES = 10**6


class VariableLine(Answer):
    """One variable; its value is JSON as text."""

    variable_key: str
    name: str
    value: str
    is_truncated: bool
    scope_key: str
    process_instance_key: str
    root_process_instance_key: str | None
    tenant_id: str = TENANT


class VariableResult(Answer):
    """One variable with its whole value."""

    variable_key: str
    name: str
    value: str
    scope_key: str
    process_instance_key: str
    root_process_instance_key: str | None
    tenant_id: str = TENANT


class VariablePage(Answer):
    """Variables, by name."""

    items: list[VariableLine]
    page: SearchPage


class VariableSort(Body):
    """Variables are sorted by name."""

    field: Literal["name"]
    order: Literal["ASC", "DESC"] = "ASC"


class TaskVariableFilter(Body):
    """Conditions on variables."""

    name: str | TextFilter | msgspec.UnsetType = UNSET


class TaskVariableQuery(Body):
    """A search over the variables of a task."""

    filter: TaskVariableFilter = msgspec.field(default_factory=TaskVariableFilter)
    sort: list[VariableSort] = msgspec.field(default_factory=list)
    page: PageRequest = msgspec.field(default_factory=PageRequest)


class VariableFilter(TaskVariableFilter, kw_only=True):
    """Conditions on variables; the process instance has to be named, because variables are kept sealed."""

    process_instance_key: Key | KeyFilter
    tenant_id: Tenant | msgspec.UnsetType = UNSET


class VariableQuery(Body):
    """A search over the variables of a process instance."""

    filter: VariableFilter
    sort: list[VariableSort] = msgspec.field(default_factory=list)
    page: PageRequest = msgspec.field(default_factory=PageRequest)


def search_variables(body: VariableQuery) -> VariablePage:
    """Return the variables of one process instance; with a Reveal-Reason header whole, which is written down."""
    case = _case_of(body.filter.process_instance_key)
    return shown_or_revealed(body, lambda: case_variables(runtime(), tx(), actor(), case))


def get_variable(variable_key: int) -> VariableResult:
    """Return one variable with its whole value; personal numbers stay masked."""
    case, _ = divmod(variable_key, _PLACES)
    known = case_variables(runtime(), tx(), actor(), case)
    for key, variable in _keyed(known).items():
        if key == variable_key:
            value = encode(to_json(variable.value)).decode()
            return VariableResult(
                variable_key=str(key), name=variable.name, value=value, scope_key=str(case),
                process_instance_key=str(case), root_process_instance_key=str(case),
            )  # fmt: skip
    raise NotFound(Text("没有找到这个变量。", "Expected a variable of a case, but there is none with this key."))


def shown_or_revealed(body: VariableQuery | TaskVariableQuery, look: Callable[[], CaseVariables]) -> VariablePage:
    """Return a page of what ``look`` finds, within a transaction that keeps the reason when one was given."""
    reason = request.headers.get(REVEAL, "").strip()
    return writing(lambda: _page(body, _revealed(look(), reason))) if reason else reading(lambda: _page(body, look()))


def _revealed(known: CaseVariables, reason: str) -> CaseVariables:
    def whole(variable: Variable) -> Variable:
        if not variable.masked or not isinstance(variable.value, str):
            return variable
        value = reveal(runtime(), tx(), actor(), case=known.case, name=variable.name, reason=reason)
        return Variable(variable.name, value, masked=False)

    return CaseVariables(known.case, tuple(whole(variable) for variable in known.variables))


def _page(body: VariableQuery | TaskVariableQuery, known: CaseVariables) -> VariablePage:
    wanted = [(key, one) for key, one in _keyed(known).items() if _fits(body.filter.name, one.name)]
    if body.sort and body.sort[0].order == "DESC":
        wanted.reverse()
    shown = wanted[body.page.from_ : body.page.from_ + body.page.limit]
    page = SearchPage(total_items=len(wanted), has_more_total_items=False, start_cursor=None, end_cursor=None)
    return VariablePage(items=[_line(known.case, key, variable) for key, variable in shown], page=page)


def _line(case: int, key: int, variable: Variable) -> VariableLine:
    value = encode(to_json(variable.value)).decode()
    too_long = len(value) > LONGEST_SHOWN and request.args.get("truncateValues") != "false"
    return VariableLine(
        variable_key=str(key), name=variable.name, value=value[:LONGEST_SHOWN] if too_long else value,
        is_truncated=too_long, scope_key=str(case), process_instance_key=str(case),
        root_process_instance_key=str(case),
    )  # fmt: skip


def _keyed(known: CaseVariables) -> Mapping[int, Variable]:
    """A variable's key is its case's, followed by six digits of its name's checksum."""
    keyed: dict[int, Variable] = {}
    for variable in known.variables:
        place = zlib.crc32(variable.name.encode()) % _PLACES
        while (key := known.case * _PLACES + place) in keyed:
            place = (place + 1) % _PLACES
        keyed[key] = variable
    return keyed


def _fits(asked: str | TextFilter | msgspec.UnsetType, name: str) -> bool:
    if asked is UNSET:
        return True
    if isinstance(asked, str):
        return name == asked
    operators = {field: getattr(asked, field) for field in asked.__struct_fields__}
    return all(_TESTS[field](name, given) for field, given in operators.items() if given is not UNSET)


def _like(name: str, pattern: str) -> bool:
    parts = re.split(r"([*?])", pattern)
    return re.fullmatch("".join({"*": ".*", "?": "."}.get(part, re.escape(part)) for part in parts), name) is not None


_TESTS: Mapping[str, Callable[[str, Any], bool]] = {
    "eq": lambda name, given: name == given,
    "neq": lambda name, given: name != given,
    "exists": lambda _name, given: bool(given),
    "in_": lambda name, given: name in given,
    "not_in": lambda name, given: name not in given,
    "like": _like,
}


def _case_of(asked: str | KeyFilter) -> int:
    wanted: Sequence[Any] = [asked] if isinstance(asked, str) else [asked.eq, *(asked.in_ or ())]
    keys = [key for key in wanted if isinstance(key, str)]
    if len(keys) != 1:
        raise Invalid(
            Text(
                "请用 processInstanceKey 指明一个流程实例,变量按案件加密保存。",
                "Expected exactly one processInstanceKey, because variables are sealed case by case.",
            )
        )
    return number(keys[0])


PARAMETERS = {REVEAL: "header", "truncateValues": "query"}
OPERATIONS = (
    Operation(
        "POST", "/variables/search", search_variables, "see_case", VariableQuery, VariablePage, alone=True,
        parameters=PARAMETERS,
    ),
    Operation("GET", "/variables/{variableKey}", get_variable, "see_case", answer=VariableResult),
)  # fmt: skip
