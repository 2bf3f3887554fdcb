"""Adds a person who may sign in."""

from __future__ import annotations

import re

from engine.access import may_anywhere
from engine.commands.grants import check_grants
from engine.commands.sign_in import hash_password
from engine.errors import Conflict, Forbidden, Invalid, Text
from engine.model import SYSTEM, Actor, Grant
from engine.runtime import Runtime
from engine.store import audit, people
from engine.store.keys import new_key
from engine.store.people import PersonRow
from engine.store.transaction import Transaction

SHORTEST_PASSWORD = 10
_LOGIN = re.compile(r"[a-z][a-z0-9_.-]{1,63}")


def add_person(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    login: str,
    name: str,
    password: str,
    grants: tuple[Grant, ...],
    phone: str | None = None,
    password_hash: str | None = None,
) -> int:
    """Return the key of the new person; ``password_hash`` saves hashing where many share one (demo only).

    Raises Forbidden without the right to administer, Invalid for bad fields, Conflict for a login in use.
    """
    roles = runtime.published(transaction).roles
    if actor is not SYSTEM and not may_anywhere(roles, actor, "administer"):
        raise Forbidden(Text("只有系统管理员可以添加人员。", "Expected an administrator; ask one to add the person."))
    _check(runtime, transaction, login, name, password, grants)
    key = new_key()
    sealed = runtime.keyring.seal(phone.encode(), b"phone:%d" % key) if phone else None
    row = PersonRow(
        key, login, name, password_hash or hash_password(password), people.write_grants(grants), sealed,
        None, True, 0, None, transaction.wall,
    )  # fmt: skip
    people.insert(transaction, row)
    entry = audit.Entry("add_person", f"person:{key}", details={"grants": row.grants})
    audit.append_unlocked(transaction, "people", actor, entry)
    return key


def _check(
    runtime: Runtime, transaction: Transaction, login: str, name: str, password: str, grants: tuple[Grant, ...]
) -> None:
    problems = check_grants(runtime, transaction, grants)
    if not _LOGIN.fullmatch(login):
        problems["login"] = Text(
            "账号须以小写字母开头,只含小写字母、数字、点、横线。",
            f"Expected a login of lower-case letters, digits, dots or dashes, but got “{login[:20]}”.",
        )
    if not name.strip():
        problems["name"] = Text("请填写姓名。", "Expected a name; enter one.")
    if len(password) < SHORTEST_PASSWORD:
        problems["password"] = Text(
            f"密码至少 {SHORTEST_PASSWORD} 位。", f"Expected a password of at least {SHORTEST_PASSWORD} characters."
        )
    if problems:
        raise Invalid(
            Text("人员信息有误,请修改。", "Expected complete details of the person; change the marked fields."),
            problems,
        )
    if people.find_by_login(transaction, login):
        raise Conflict(Text(f"账号「{login}」已被使用。", f"Expected a free login, but “{login}” is taken."))
