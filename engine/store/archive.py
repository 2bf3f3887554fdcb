"""A backup as one file: a zip with every table as a stream of rows, and a manifest the master key vouches for."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from engine.errors import Invalid, Text
from engine.store.sealing import Keyring

FORMAT = 1
_MANIFEST, _VOUCHED = "manifest.json", "manifest.vouched"
_LENGTH_BYTES = 4
_CHUNK = 1 << 20
Rows = list[list[Any]]


class TableEntry(msgspec.Struct, frozen=True):
    """One table in the archive: its columns, how many rows, and the SHA-256 of what is stored of it."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What the archive holds, of which schema, and sealed with which key."""

    format: int
    program: str
    made_at: str
    revisions: tuple[str, ...]
    fingerprint: str
    tables: dict[str, TableEntry]


@dataclass(frozen=True, slots=True)
class TableContent:
    """A table on its way into an archive, in batches of rows."""

    name: str
    columns: tuple[str, ...]
    batches: Iterable[Sequence[Sequence[Any]]]


class Archive:
    """An archive open for reading, whose manifest was vouched for by the key."""

    def __init__(self, path: Path, keyring: Keyring) -> None:
        self._zip = _opened(path)
        try:
            content = self._zip.read(_MANIFEST)
            vouched = self._zip.read(_VOUCHED)
            # Its form is looked at before the key, so that a wrong key is told apart from a broken file.
            self.manifest = msgspec.json.decode(content, type=Manifest)
        except (KeyError, zipfile.BadZipFile, msgspec.MsgspecError) as error:
            raise Invalid(_BROKEN) from error
        if self.manifest.fingerprint != keyring.fingerprint.hex():
            raise Invalid(_OTHER_KEY)
        if vouched != keyring.vouch(content) or self.manifest.format != FORMAT:
            raise Invalid(_BROKEN)

    def verify(self) -> None:
        """Raise Invalid when a table is not what it was when it was written."""
        for name, entry in self.manifest.tables.items():
            digest = hashlib.sha256()
            try:
                with self._zip.open(_entry_of(name)) as stream:
                    while chunk := stream.read(_CHUNK):
                        digest.update(chunk)
            except (KeyError, zipfile.BadZipFile, OSError) as error:
                raise Invalid(_BROKEN) from error
            if digest.hexdigest() != entry.sha256:
                raise Invalid(_BROKEN)

    def batches(self, table: str) -> Iterator[Rows]:
        """Yield the rows of a table in batches, values in the order of its columns."""
        with self._zip.open(_entry_of(table)) as stream:
            while head := stream.read(_LENGTH_BYTES):
                yield msgspec.msgpack.decode(stream.read(int.from_bytes(head, "big")), type=Rows)

    def close(self) -> None:
        """Close the file."""
        self._zip.close()


def write(path: Path, keyring: Keyring, manifest: Manifest, tables: Iterable[TableContent]) -> Manifest:
    """Return the manifest of the archive, written under its name only once it is whole and on the disk.

    Raises FileExistsError when there is such a file.
    """
    if path.exists():
        raise FileExistsError(path)
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as target:
        whole = _fill(target, keyring, manifest, tables)
        target.flush()
        os.fsync(target.fileno())
    part.rename(path)
    return whole


def _fill(target: BinaryIO, keyring: Keyring, manifest: Manifest, tables: Iterable[TableContent]) -> Manifest:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        entries = {table.name: _write_table(archive, table) for table in tables}
        whole = msgspec.structs.replace(manifest, tables=entries)
        content = msgspec.json.format(msgspec.json.encode(whole))
        archive.writestr(_MANIFEST, content)
        archive.writestr(_VOUCHED, keyring.vouch(content))
    return whole


def _write_table(archive: zipfile.ZipFile, table: TableContent) -> TableEntry:
    digest, count = hashlib.sha256(), 0
    with archive.open(_entry_of(table.name), "w", force_zip64=True) as stream:
        for batch in table.batches:
            packed = msgspec.msgpack.encode([list(row) for row in batch])
            framed = len(packed).to_bytes(_LENGTH_BYTES, "big") + packed
            stream.write(framed)
            digest.update(framed)
            count += len(batch)
    return TableEntry(table.columns, count, digest.hexdigest())


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise Invalid(_BROKEN) from error


def _entry_of(table: str) -> str:
    return f"tables/{table}"


_BROKEN = Text(
    "这个文件不是完整的备份,或者已被改动,没有恢复任何内容。请换一份备份。",
    "Expected a whole, unchanged backup, but this file is none; nothing was restored. Use another backup.",
)
_OTHER_KEY = Text(
    "这份备份是用另一个主密钥做的。请在 DOUDI_MASTER_KEY_FILE 指向当时的密钥文件后再恢复。",
    "Expected a backup made with this master key, but it was made with another; name that one in DOUDI_MASTER_KEY_FILE.",
)
