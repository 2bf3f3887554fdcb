"""Process definitions as programs list them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.access import may_anywhere
from engine.errors import Forbidden, Text
from engine.model import Actor
from engine.queries.search.criteria import Column, Columns, Criteria, Found
from engine.queries.search.statement import only, search
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_process
from engine.store import tables as t
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DefinitionLine:
    """One deployed version of a process."""

    key: int
    process: str
    version: int
    name: str


def search_definitions(
    runtime: Runtime, transaction: Transaction, actor: Actor, criteria: Criteria
) -> Found[DefinitionLine]:
    """Return the deployed versions. Raises Forbidden for whoever has no role to do with processes."""
    return search(transaction, _visible(runtime, transaction, actor), COLUMNS, _d.key, criteria, _line)


def find_definition(runtime: Runtime, transaction: Transaction, actor: Actor, definition: int) -> DefinitionLine:
    """Return one version. Raises NotFound, or Forbidden as above."""
    found = only(transaction, _visible(runtime, transaction, actor), _d.key, definition, _line)
    if found is None:
        raise unknown_process(str(definition))
    return found


def _visible(runtime: Runtime, transaction: Transaction, actor: Actor) -> sa.Select[Any]:
    if not may_anywhere(runtime.published(transaction).roles, actor, "see_definition"):
        raise Forbidden(Text("您的岗位不能查看流程定义。", "Expected a role that works with processes; ask for one."))
    return _SELECT


def _line(row: Any) -> DefinitionLine:
    return DefinitionLine(*tuple(row)[: len(DefinitionLine.__slots__)])


_d = t.definition.c
_other = t.definition.alias("newer")
_NEWEST = sa.select(sa.func.max(_other.c.version)).where(_other.c.process == _d.process).scalar_subquery()
_SELECT = sa.select(_d.key, _d.process, _d.version, _d.name)
COLUMNS: Columns = {
    "process_definition_key": Column("key", _d.key),
    "process_definition_id": Column("text", _d.process),
    "name": Column("text", _d.name),
    "version": Column("number", _d.version),
    "resource_name": Column("text", _d.process + ".bpmn"),
    "is_latest_version": Column("flag", _d.version == _NEWEST, sortable=False),
}
