"""The row and the sealed state of one case, locked together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine import log
from engine.errors import Conflict, Text
from engine.store import tables as t
from engine.store.audit import ChainHead
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.values import pack, unpack


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What is known of a case without opening its state; ``suspended`` is 0 while it runs.

    ``restricted`` is 1 where only its readers may know that it exists.
    ``hops`` counts the cases that set each other off until one reached this one at ``hopped_at``.
    ``undoing_at`` is since when it was cancelled and undoes what it has completed.
    """

    key: int
    region: str
    number: str
    definition: int
    process: str
    title: bytes
    status: str
    started_at: datetime
    started_by: str
    starter: int | None
    channel: str
    policy_date: date
    ended_at: datetime | None
    end_event: str | None
    end_name: str | None
    parent: int | None
    suspended: int = 0
    restricted: int = 0
    hops: int = 0
    hopped_at: datetime | None = None
    undoing_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LockedCase:
    """A case this transaction may change: nobody else can until it ends."""

    row: CaseRow
    version: int
    state: bytes
    head: ChainHead


CASE_COLUMNS = tuple(t.case.c[name] for name in CaseRow.__slots__)
STATE_COLUMNS = (t.case_state.c.version, t.case_state.c.state, t.case_state.c.audit_sequence, t.case_state.c.audit_head)
LOCKED = (t.case_state, t.case)


def locked_case(columns: Any) -> LockedCase:
    """Return the case from a row selected as CASE_COLUMNS + STATE_COLUMNS."""
    case, (version, state, sequence, head) = columns[: len(CASE_COLUMNS)], columns[len(CASE_COLUMNS) :]
    row = CaseRow(*case)
    if not row.restricted:
        log.about(case=row.key, number=row.number, process=row.process)
    return LockedCase(row, version, state, ChainHead(sequence, head))


def lock(transaction: Transaction, key: int) -> LockedCase | None:
    """Return the case locked for change, or None when there is none."""
    row = transaction.execute(_LOCK, {"key_": key}).first()
    return locked_case(tuple(row)) if row else None


def lock_free(transaction: Transaction, key: int) -> LockedCase | None:
    """Return the case locked for change, or None when another transaction holds it: this one does not wait."""
    row = transaction.execute(_LOCK_FREE, {"key_": key}).first()
    return locked_case(tuple(row)) if row else None


def find(transaction: Transaction, key: int) -> CaseRow | None:
    """Return the case's row without locking."""
    return transaction.first(CaseRow, _FIND, {"key_": key})


def insert(transaction: Transaction, row: CaseRow, state: bytes, head: ChainHead) -> None:
    """Write a new case with its first state."""
    transaction.execute(t.case.insert(), {name: getattr(row, name) for name in CaseRow.__slots__})
    values = {"case": row.key, "version": 1, "state": state, "audit_sequence": head.sequence, "audit_head": head.digest}
    transaction.execute(t.case_state.insert(), values)


def save_state(transaction: Transaction, locked: LockedCase, state: bytes, head: ChainHead) -> None:
    """Write the next version of the state. Raises Conflict when another version was written meanwhile."""
    values = {
        "case_": locked.row.key, "before": locked.version, "version": locked.version + 1,
        "state": state, "audit_sequence": head.sequence, "audit_head": head.digest,
    }  # fmt: skip
    if transaction.execute(_SAVE, values).rowcount != 1:
        raise Conflict(
            Text(
                "案件刚刚被其他人推进,请刷新页面后再操作。",
                "Expected to change the case as you saw it, but somebody moved it on meanwhile; reload and try again.",
            )
        )


def end(transaction: Transaction, row: CaseRow, status: str, end_event: str | None, end_name: str | None) -> None:
    """Mark the case as over."""
    values = {
        "key_": row.key, "status": status, "ended_at": transaction.now, "end_event": end_event, "end_name": end_name,
    }  # fmt: skip
    transaction.execute(_END, values)


def begin_undoing(transaction: Transaction, key: int) -> None:
    """Say that the case was cancelled and undoes what it has completed."""
    transaction.execute(_BEGIN_UNDOING, {"key_": key, "undoing_at": transaction.now})


def rebind(transaction: Transaction, key: int, definition: int) -> None:
    """Let the case go on on another version of its process."""
    transaction.execute(_REBIND, {"key_": key, "definition": definition})


def set_hops(transaction: Transaction, key: int, hops: int) -> None:
    """Note how many cases in a row set each other off until one reached this one now."""
    transaction.execute(_HOPS, {"key_": key, "hops": hops, "hopped_at": transaction.now})


def state_place(key: int) -> bytes:
    """Return what a case's state is bound to when sealed."""
    return b"state:%d" % key


def seal_title(keyring: Keyring, key: int, title: str) -> bytes:
    """Return the title sealed for its case."""
    return keyring.seal(pack(title), b"title:%d" % key)


def open_title(keyring: Keyring, key: int, sealed: bytes) -> str:
    """Return the title of a case."""
    return str(unpack(keyring.open(sealed, b"title:%d" % key)))


_JOINED = t.case.join(t.case_state, t.case_state.c.case == t.case.c.key)
_OPEN = sa.select(*CASE_COLUMNS, *STATE_COLUMNS).select_from(_JOINED).where(t.case.c.key == sa.bindparam("key_"))
_LOCK = _OPEN.with_for_update(of=list(LOCKED))
_LOCK_FREE = _OPEN.with_for_update(of=list(LOCKED), skip_locked=True)
_FIND = sa.select(*CASE_COLUMNS).where(t.case.c.key == sa.bindparam("key_"))
_SAVE = (
    t.case_state.update()
    .where(t.case_state.c.case == sa.bindparam("case_"), t.case_state.c.version == sa.bindparam("before"))
    .values({name: sa.bindparam(name) for name in ("version", "state", "audit_sequence", "audit_head")})
)
_REBIND = t.case.update().where(t.case.c.key == sa.bindparam("key_")).values(definition=sa.bindparam("definition"))
_HOPS = (
    t.case.update()
    .where(t.case.c.key == sa.bindparam("key_"))
    .values({name: sa.bindparam(name) for name in ("hops", "hopped_at")})
)
_BEGIN_UNDOING = (
    t.case.update().where(t.case.c.key == sa.bindparam("key_")).values(undoing_at=sa.bindparam("undoing_at"))
)
_END = (
    t.case.update()
    .where(t.case.c.key == sa.bindparam("key_"))
    .values({name: sa.bindparam(name) for name in ("status", "ended_at", "end_event", "end_name")})
)
