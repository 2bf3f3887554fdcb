"""The notices and uploads of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.access import Subject
from engine.errors import NotFound, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.visibility import may_within_case
from engine.store import tables as t
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A notice that was issued."""

    key: int
    title: str
    number: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A notice in full: ``region`` is the authority's that issued it, ``html`` its body, ``basis`` the law it rests on."""

    key: int
    case: int
    region: str
    template: str
    title: str
    number: str
    issued_at: datetime
    html: str
    basis: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """An upload of the case; ``size`` in bytes."""

    key: str
    name: str
    type: str
    size: int
    uploaded_at: datetime
    uploaded_by: str


@dataclass(frozen=True, slots=True)
class FileContent:
    """An upload in full."""

    name: str
    type: str
    data: bytes


def documents(transaction: Transaction, case: int) -> tuple[DocumentRow, ...]:
    """Return the notices issued in a case, oldest first."""
    return tuple(transaction.every(DocumentRow, _DOCUMENTS, {"case_": case}))


def document(runtime: Runtime, transaction: Transaction, actor: Actor, key: int) -> DocumentPage:
    """Return a notice. Raises NotFound when there is none for this person."""
    row = transaction.execute(_DOCUMENT, {"key_": key}).first()
    if row is None or not _sees(runtime, transaction, actor, row.case, row.case_region):
        raise NotFound(Text("没有找到这份文书。", "Expected a notice you may see, but there is none here."))
    *columns, body, definition, _ = tuple(row)
    html = runtime.keyring.open(body, b"document:%d" % key).decode()
    template = runtime.definition(transaction, definition).documents.get(row.template)
    return DocumentPage(*(*columns, html, template.basis if template else ""))


def files(transaction: Transaction, keyring: Keyring, case: int) -> tuple[FileRow, ...]:
    """Return the uploads of a case, oldest first."""
    return tuple(
        FileRow(row.key, _name(keyring, row.key, row.name), row.type, row.size, row.uploaded_at, row.uploaded_by)
        for row in transaction.execute(_FILES, {"case_": case})
    )


def file(runtime: Runtime, transaction: Transaction, actor: Actor, key: str) -> FileContent:
    """Return an upload of a case. Raises NotFound when there is none for this person."""
    row = transaction.execute(_FILE, {"key_": key}).first()
    if row is None or not _sees(runtime, transaction, actor, row.case, row.case_region):
        raise NotFound(Text("没有找到这个文件。", "Expected a file you may see, but there is none here."))
    data = runtime.keyring.open(row.data, b"file:" + key.encode())
    return FileContent(_name(runtime.keyring, key, row.name), row.type, data)


def _sees(runtime: Runtime, transaction: Transaction, actor: Actor, case: int, region: str) -> bool:
    return may_within_case(runtime, transaction, actor, "see_case", case, Subject(region))


def _name(keyring: Keyring, key: str, sealed: bytes) -> str:
    return keyring.open(sealed, b"name:" + key.encode()).decode()


_d, _f = t.document.c, t.file.c
_DOCUMENTS = (
    sa.select(_d.key, _d.title, _d.number, _d.issued_at).where(_d.case == sa.bindparam("case_")).order_by(_d.key)
)
_DOCUMENT = sa.select(
    _d.key, _d.case, _d.region, _d.template, _d.title, _d.number, _d.issued_at, _d.body, t.case.c.definition,
    t.case.c.region.label("case_region"),
).select_from(t.document.join(t.case, t.case.c.key == _d.case)).where(_d.key == sa.bindparam("key_"))  # fmt: skip
_FILES = (
    sa.select(_f.key, _f.name, _f.type, _f.size, _f.uploaded_at, _f.uploaded_by)
    .where(_f.case == sa.bindparam("case_"))
    .order_by(_f.uploaded_at)
)
_FILE = (
    sa.select(_f.name, _f.type, _f.data, _f.case, t.case.c.region.label("case_region"))
    .select_from(t.file.join(t.case, t.case.c.key == _f.case))
    .where(_f.key == sa.bindparam("key_"))
)
