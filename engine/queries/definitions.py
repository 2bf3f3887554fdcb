"""Which processes are live, and what is in one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from engine.access import may_anywhere
from engine.errors import Forbidden, Text
from engine.forms import Form
from engine.model import Actor, PolicyEntry
from engine.runtime import LoadedDefinition, Runtime
from engine.store import definitions as stored
from engine.store import tables as t
from engine.store.definitions import DefinitionRow
from engine.store.transaction import Transaction

SEES_DEFINITIONS = ("design", "watch", "administer", "audit", "repair")


@dataclass(frozen=True, slots=True)
class LiveProcess:
    """The newest version of a process and how many cases are open on all its versions."""

    row: DefinitionRow
    open_cases: int


@dataclass(frozen=True)
class DefinitionPage:
    """One version of a process as its designers see it."""

    row: DefinitionRow
    versions: tuple[DefinitionRow, ...]
    open_by_version: Mapping[int, int]
    loaded: LoadedDefinition
    xml: bytes
    policy: tuple[PolicyEntry, ...]

    @property
    def forms(self) -> tuple[Form, ...]:
        """Return the forms of the version, by id."""
        return tuple(self.loaded.forms[name] for name in sorted(self.loaded.forms))


def live_processes(runtime: Runtime, transaction: Transaction, actor: Actor) -> tuple[LiveProcess, ...]:
    """Return every deployed process. Raises Forbidden for people who neither design nor watch."""
    _check(runtime, transaction, actor)
    rows = (stored.latest(transaction, process) for process in stored.processes(transaction))
    counts = _open_by_process(transaction)
    return tuple(LiveProcess(row, counts.get(row.process, 0)) for row in rows if row is not None)


def definition_page(
    runtime: Runtime, transaction: Transaction, actor: Actor, process: str, version: int | None = None
) -> DefinitionPage:
    """Return one version, by default the newest. Raises NotFound, or Forbidden as above."""
    _check(runtime, transaction, actor)
    newest = runtime.latest(transaction, process)
    versions = stored.versions(transaction, process)
    row = next((one for one in versions if one.version == version), newest.row)
    loaded = runtime.definition(transaction, row.key)
    entries = runtime.published(transaction).entries
    return DefinitionPage(
        row=row,
        versions=versions,
        open_by_version=_open_by_definition(transaction, process),
        loaded=loaded,
        xml=loaded.files[f"{process}.bpmn"],
        policy=tuple(entries[name] for name in sorted(entries)),
    )


def diagram_xml(runtime: Runtime, transaction: Transaction, definition: int, process: str) -> bytes:
    """Return the diagram of a process as drawn in a version or in one it calls."""
    return runtime.definition(transaction, definition).diagrams[process].xml


def _check(runtime: Runtime, transaction: Transaction, actor: Actor) -> None:
    roles = runtime.published(transaction).roles
    if not any(may_anywhere(roles, actor, action) for action in SEES_DEFINITIONS):
        raise Forbidden(Text("您的岗位不能查看流程定义。", "Expected a designer, manager or administrator."))


def _open_by_process(transaction: Transaction) -> dict[str, int]:
    query = sa.select(t.case.c.process, sa.func.count()).where(*_COUNTED).group_by(t.case.c.process)
    return dict(tuple(row) for row in transaction.execute(query))


def _open_by_definition(transaction: Transaction, process: str) -> dict[int, int]:
    query = (
        sa.select(t.case.c.definition, sa.func.count())
        .where(*_COUNTED, t.case.c.process == process)
        .group_by(t.case.c.definition)
    )
    return dict(tuple(row) for row in transaction.execute(query))


# How many restricted cases there are is known to nobody who only draws processes.
_COUNTED = (t.case.c.status == "open", t.case.c.restricted == 0)
