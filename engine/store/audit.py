"""The append-only record of who did what: each entry carries the digest of the one before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from engine.model import Actor
from engine.store import tables as t
from engine.store.transaction import Transaction

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened: ``details`` hold digests and references, never personal data."""

    action: str
    subject: str
    result: str = "done"
    region: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The last link of a chain: how many entries it has and the digest of the last."""

    sequence: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """An entry whose digest does not follow from what stands before it."""

    chain: str
    sequence: int


def append(transaction: Transaction, chain: str, head: ChainHead, actor: Actor, entry: Entry) -> ChainHead:
    """Write one entry after ``head`` and return the new head; the caller keeps it where it locks the chain."""
    row: dict[str, Any] = {
        "chain": chain,
        "sequence": head.sequence + 1,
        "region": entry.region,
        "at": transaction.wall,
        "business_at": transaction.now,
        "person": actor.person,
        "name": actor.name,
        "address": actor.address,
        "action": entry.action,
        "subject": entry.subject,
        "result": entry.result,
        "details": msgspec.json.encode(entry.details),
    }
    row["digest"] = _digest(head.digest, row)
    transaction.execute(_INSERT, row)
    return ChainHead(head.sequence + 1, row["digest"])


def append_unlocked(transaction: Transaction, chain: str, actor: Actor, entry: Entry) -> None:
    """Write one entry to a chain that has no row of its own to lock (a person's, the installation's)."""
    if transaction.postgresql:
        transaction.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(chain))))
    last = transaction.execute(_LAST, {"chain_": chain}).first()
    head = ChainHead(last.sequence, last.digest) if last else ChainHead(0, GENESIS)
    append(transaction, chain, head, actor, entry)


def broken_links(transaction: Transaction) -> Iterator[BrokenLink]:
    """Yield every entry that was changed, inserted or follows a removed one, chain by chain."""
    chain, digest, expected = None, GENESIS, 1
    for row in transaction.execute(_ALL).mappings():
        if row["chain"] != chain:
            chain, digest, expected = row["chain"], GENESIS, 1
        if row["sequence"] != expected or _digest(digest, dict(row)) != row["digest"]:
            yield BrokenLink(row["chain"], row["sequence"])
        digest, expected = row["digest"], row["sequence"] + 1
    yield from _cut_chains(transaction)


def _cut_chains(transaction: Transaction) -> Iterator[BrokenLink]:
    """Yield the chains of cases that do not end where the case says: cut at the end, or written anew as a whole."""
    at_head = sa.and_(
        t.audit.c.chain == sa.literal("case:") + sa.cast(t.case_state.c.case, sa.Text),
        t.audit.c.sequence == t.case_state.c.audit_sequence,
    )
    heads = sa.select(
        t.case_state.c.case, t.case_state.c.audit_sequence, t.case_state.c.audit_head, t.audit.c.digest
    ).outerjoin(t.audit, at_head)
    for row in transaction.execute(heads):
        if row.digest != row.audit_head:
            yield BrokenLink(f"case:{row.case}", row.audit_sequence)


def _digest(before: bytes, row: Mapping[str, Any]) -> bytes:
    content = (
        row["chain"], row["sequence"], row["region"], row["at"].timestamp(), row["business_at"].timestamp(),
        row["person"], row["name"], row["address"], row["action"], row["subject"], row["result"], row["details"],
    )  # fmt: skip
    return hashlib.sha256(before + msgspec.msgpack.encode(content)).digest()


_INSERT = t.audit.insert()
_LAST = (
    sa.select(t.audit.c.sequence, t.audit.c.digest)
    .where(t.audit.c.chain == sa.bindparam("chain_"))
    .order_by(t.audit.c.sequence.desc())
    .limit(1)
)
_ALL = sa.select(t.audit).order_by(t.audit.c.chain, t.audit.c.sequence)
