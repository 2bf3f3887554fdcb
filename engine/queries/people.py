"""Who can sign in, with which roles."""

from __future__ import annotations

from dataclasses import dataclass

from engine.access import may_anywhere
from engine.errors import Forbidden, Text
from engine.model import Actor, Grant
from engine.runtime import Runtime
from engine.store import people as stored
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person with their roles."""

    key: int
    login: str
    name: str
    grants: tuple[Grant, ...]
    active: bool


def people(runtime: Runtime, transaction: Transaction, actor: Actor) -> tuple[Colleague, ...]:
    """Return everybody, by login. Raises Forbidden for people who do not administer."""
    if not may_anywhere(runtime.published(transaction).roles, actor, "administer"):
        raise Forbidden(Text("只有系统管理员可以查看人员。", "Expected an administrator."))
    rows = stored.everyone(transaction)
    return tuple(Colleague(row.key, row.login, row.name, stored.parse_grants(row.grants), row.active) for row in rows)
