"""Gives a program a token with which it signs in as a person or as a worker."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.access import may_anywhere
from engine.commands.grants import check_grants
from engine.errors import Forbidden, Invalid, Text
from engine.model import SYSTEM, Actor, Grant
from engine.runtime import Runtime
from engine.store import audit, people, tokens
from engine.store.keys import new_key
from engine.store.people import PersonRow
from engine.store.tokens import TokenRow
from engine.store.transaction import Transaction

MOST_DAYS = 730
TOKENS_CHAIN = "tokens"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{1,63}")


@dataclass(frozen=True, slots=True)
class AddedToken:
    """The new token; its secret is shown this once and stored nowhere."""

    key: int
    secret: str
    expires_at: datetime


def add_token(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    name: str,
    days: int,
    login: str = "",
    grants: tuple[Grant, ...] = (),
) -> AddedToken:
    """Return a token for the person with the login, or without one for a worker who holds the grants.

    Raises Forbidden without the right to administer, Invalid with a sentence per field.
    """
    check_may_administer(runtime, transaction, actor)
    person = people.find_by_login(transaction, login) if login else None
    _check(runtime, transaction, name, days, login, person, grants)
    key, secret = new_key(), tokens.new_secret()
    expires = transaction.wall + timedelta(days=days)
    row = TokenRow(
        key, name, person.key if person else None, people.write_grants(grants),
        transaction.wall, actor.name, expires, None, None,
    )  # fmt: skip
    tokens.insert(transaction, row, secret)
    details = {"name": name, "person": str(row.person or ""), "grants": row.grants, "days": days}
    audit.append_unlocked(transaction, TOKENS_CHAIN, actor, audit.Entry("add_token", f"token:{key}", details=details))
    return AddedToken(key, secret, expires)


def check_may_administer(runtime: Runtime, transaction: Transaction, actor: Actor) -> None:
    """Raise Forbidden unless the actor administers this installation."""
    if actor is not SYSTEM and not may_anywhere(runtime.published(transaction).roles, actor, "administer"):
        raise Forbidden(
            Text("只有系统管理员可以管理接口令牌。", "Expected an administrator; ask one to manage tokens.")
        )


def _check(
    runtime: Runtime,
    transaction: Transaction,
    name: str,
    days: int,
    login: str,
    person: PersonRow | None,
    grants: tuple[Grant, ...],
) -> None:
    problems = check_grants(runtime, transaction, grants)
    if not _NAME.fullmatch(name):
        problems["name"] = Text(
            "名称须以字母开头,只含字母、数字、点、横线,不超过 64 个。",
            f"Expected a name of letters, digits, dots or dashes that begins with a letter, but got “{name[:20]}”.",
        )
    if not 1 <= days <= MOST_DAYS:
        problems["days"] = Text(f"有效期应为 1 至 {MOST_DAYS} 天。", f"Expected 1 to {MOST_DAYS} days, but got {days}.")
    if login and (person is None or not person.active):
        problems["login"] = Text(
            f"没有在岗人员「{login[:64]}」。", f"Expected the login of an active person, not “{login[:64]}”."
        )
    if bool(login) == bool(grants):
        problems["grants"] = Text(
            "令牌要么属于一个人(按其岗位),要么属于外部程序并写明岗位和地区。",
            "Expected either a person, whose roles count, or a worker with roles of its own.",
        )
    if problems:
        raise Invalid(Text("令牌信息有误,请修改。", "Expected complete details of the token; change them."), problems)
