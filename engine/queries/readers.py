"""Who may know of a restricted case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.errors import Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_case
from engine.runtime.visibility import may_with_case
from engine.store import cases, people
from engine.store import readers as stored
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """One reader: a person by name, or a role with its place; ``ends`` when the actor may end it."""

    key: int
    name: Text
    place: str
    since: datetime
    granted_by: str
    reason: str
    ends: bool


@dataclass(frozen=True, slots=True)
class Readers:
    """Everybody who may know of a restricted case, and whether the actor may name more."""

    lines: tuple[ReaderLine, ...]
    may_confide: bool


def readers(runtime: Runtime, transaction: Transaction, actor: Actor, case: int) -> Readers | None:
    """Return the readers, None for a case that is not restricted. Raises NotFound when there is none for this actor."""
    row = cases.find(transaction, case)
    if row is None or not may_with_case(runtime, transaction, actor, "see_case", row):
        raise unknown_case()
    if not row.restricted:
        return None
    confides = may_with_case(runtime, transaction, actor, "confide", row)
    roles = runtime.published(transaction).roles
    lines = []
    for one in stored.of_case(transaction, case):
        person = people.find(transaction, one.person) if one.person is not None else None
        role = roles.get(one.role or "")
        name = Text(person.name, person.name) if person else role.name if role else Text("", "")
        place = runtime.regions.name(one.region) if one.role else ""
        lines.append(
            ReaderLine(
                one.key, name, place, one.since, one.granted_by, _said(one.reason), confides and person is not None
            )
        )
    return Readers(tuple(lines), confides)


def _said(reason: str) -> str:
    return {"start_case": "发起本案", "task": "办理本案任务"}.get(reason, reason)
