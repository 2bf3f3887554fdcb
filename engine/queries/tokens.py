"""Which tokens programs sign in with, and who is behind one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.access import may_anywhere
from engine.errors import Forbidden, Text
from engine.model import SYSTEM, Actor, Grant
from engine.runtime import Runtime
from engine.store import people, tokens
from engine.store.transaction import Transaction

CHANNEL = "api"
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token as a line of the list; ``state`` is ``valid``, ``over`` or ``revoked``."""

    key: int
    name: str
    holder: str
    grants: tuple[Grant, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime
    used_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class SignedInProgram:
    """Who a token stands for; ``note_use`` tells whether its last use was written down too long ago."""

    token: int
    login: str
    actor: Actor
    note_use: bool


def token_list(runtime: Runtime, transaction: Transaction, actor: Actor) -> tuple[TokenLine, ...]:
    """Return every token, newest first. Raises Forbidden for people who do not administer."""
    if actor is not SYSTEM and not may_anywhere(runtime.published(transaction).roles, actor, "administer"):
        raise Forbidden(Text("只有系统管理员可以查看接口令牌。", "Expected an administrator."))
    names = {person.key: person.name for person in people.everyone(transaction)}
    return tuple(
        TokenLine(
            row.key, row.name, names.get(row.person, "") if row.person is not None else "",
            people.parse_grants(row.grants), row.created_at, row.created_by, row.expires_at, row.used_at,
            _state(row, transaction.wall),
        )
        for row in tokens.every(transaction)
    )  # fmt: skip


def program(transaction: Transaction, secret: str, address: str) -> SignedInProgram | None:
    """Return who the token stands for, in one statement; None for a token that is not valid."""
    bearer = tokens.bearer_of(transaction, secret)
    if bearer is None:
        return None
    actor = Actor(bearer.person, bearer.name, people.parse_grants(bearer.grants), CHANNEL, address, bearer.key)
    stale = bearer.used_at is None or transaction.wall - bearer.used_at > _NOTED_EVERY
    return SignedInProgram(bearer.key, bearer.login, actor, stale)


def _state(row: tokens.TokenRow, wall: datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    return "valid" if row.expires_at > wall else "over"
