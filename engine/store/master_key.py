"""Which master key the database is sealed with: told apart by a fingerprint, from which the key cannot be told."""

from __future__ import annotations

import sqlalchemy as sa

from engine.errors import Conflict, Text
from engine.store import tables as t
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction

_ONLY = 1


def bind(transaction: Transaction, keyring: Keyring) -> None:
    """Remember the key of a database that has none yet. Raises Conflict when it is sealed with another."""
    if transaction.execute(_ROW).first() is None:
        transaction.execute(t.master_key.insert(), {"id": _ONLY, "fingerprint": keyring.fingerprint, "next": None})
    expect(transaction, keyring)


def expect(transaction: Transaction, keyring: Keyring) -> None:
    """Raise Conflict when the database is sealed with another key, or is being sealed with another just now."""
    row = transaction.execute(_ROW).first()
    if row is None:
        return
    if row.next is not None:
        raise Conflict(_UNFINISHED)
    if row.fingerprint != keyring.fingerprint:
        raise Conflict(_WRONG)


def begin_change(transaction: Transaction, old: Keyring, new: Keyring) -> None:
    """Note that the new key is taking the old one's place; a change that was interrupted goes on.

    Raises Conflict when the database is sealed with neither as expected.
    """
    row = transaction.execute(_ROW).first()
    if row is None or row.fingerprint != old.fingerprint:
        raise Conflict(_WRONG)
    if row.next not in (None, new.fingerprint):
        raise Conflict(_UNFINISHED)
    transaction.execute(t.master_key.update().values(next=new.fingerprint))


def end_change(transaction: Transaction, new: Keyring) -> None:
    """Note that everything is sealed with the new key."""
    transaction.execute(t.master_key.update().values(fingerprint=new.fingerprint, next=None))


_ROW = sa.select(t.master_key.c.fingerprint, t.master_key.c.next)
_UNFINISHED = Text(
    "更换主密钥没有完成。请用同一个新密钥文件再运行一次 doudi rotate-key,它会接着做完。",
    "Expected one master key, but its change is not finished; run `doudi rotate-key` again with the same new key file.",
)
_WRONG = Text(
    "主密钥不对:数据库是用另一个密钥封存的。请检查 DOUDI_MASTER_KEY_FILE 指向的文件。",
    "Expected the master key the database is sealed with, but this is another; check DOUDI_MASTER_KEY_FILE.",
)
