"""Opens a session for a login and password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from engine.errors import Forbidden, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import audit, people, sessions
from engine.store.attempts import Limit, count
from engine.store.people import PersonRow
from engine.store.transaction import Transaction

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
PER_ADDRESS = Limit("sign_in", most=60, within=timedelta(minutes=10))

_hasher = PasswordHasher()
# Verified when the login is unknown, so that the time of the answer tells nothing.
_NOBODY = _hasher.hash("nobody")


@dataclass(frozen=True, slots=True)
class SignIn:
    """The outcome: a session, or the sentence to show. The transaction commits either way."""

    token: str | None
    actor: Actor | None
    refused: Text | None = None


def hash_password(password: str) -> str:
    """Return the password as it is stored (argon2id)."""
    return _hasher.hash(password)


def sign_in(runtime: Runtime, transaction: Transaction, *, login: str, password: str, address: str) -> SignIn:
    """Return a session, or the reason there is none.

    Five wrong passwords lock the login for 15 minutes. A refusal is an outcome, not an exception, because what was
    counted must be committed. Raises Forbidden when the address tried too often.
    """
    if not count(transaction, runtime.keyring, PER_ADDRESS, address):
        raise Forbidden(
            Text("尝试次数过多,请十分钟后再试。", "Expected fewer attempts from this address; wait ten minutes.")
        )
    person = people.find_by_login(transaction, login.strip())
    if person is None or not person.active:
        _matches(_NOBODY, password)
        return _refused(transaction, None, address)
    if person.locked_until and person.locked_until > transaction.wall:
        return SignIn(None, None, _locked(person))
    if not _matches(person.password, password):
        _count_failure(transaction, person)
        return _refused(transaction, person, address)
    if person.failures:
        people.change(transaction, person.key, failures=0, locked_until=None)
    actor = people.actor(person, address)
    audit.append_unlocked(transaction, f"person:{person.key}", actor, audit.Entry("sign_in", f"person:{person.key}"))
    return SignIn(sessions.open_session(transaction, person.key, address), actor)


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _count_failure(transaction: Transaction, person: PersonRow) -> None:
    failures = person.failures + 1
    locked = transaction.wall + LOCKED_FOR if failures >= MOST_FAILURES else None
    people.change(transaction, person.key, failures=0 if locked else failures, locked_until=locked)


def _refused(transaction: Transaction, person: PersonRow | None, address: str) -> SignIn:
    chain = f"person:{person.key}" if person else "sign_in"
    actor = Actor(person.key if person else None, person.name if person else "", address=address)
    audit.append_unlocked(transaction, chain, actor, audit.Entry("sign_in", chain, "denied"))
    return SignIn(
        None, None, Text("账号或密码不正确,请重新输入。", "Expected a known login and its password; try again.")
    )


def _locked(person: PersonRow) -> Text:
    until = f"{person.locked_until:%H:%M}"
    return Text(
        f"密码多次错误,账号已锁定到 {until}。",
        f"Expected the right password within {MOST_FAILURES} tries; the login is locked until {until}.",
    )
