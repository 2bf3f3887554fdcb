"""A case's variables as sealed rows: a submitted form is one row, any other name is a row of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.projection import Completion, activity_place
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.upsert import replacing
from engine.store.values import pack, unpack

ROOT = 0
EVERY = -1
SMALL = 8192
PAGE = "#"
Chunk = tuple[int, str]


class CaseVariables:
    """The variables of one case, read when asked for and written together at the end of the step."""

    def __init__(self, transaction: Transaction, keyring: Keyring, case: int, chunk_of: Callable[[str], str]) -> None:
        self._transaction = transaction
        self._keyring = keyring
        self._case = case
        self._chunk_of = chunk_of
        self._chunks: dict[Chunk, dict[str, Any]] = {}
        self._sealed: dict[int, dict[Chunk, tuple[int | None, bytes | None]]] = {}
        self._by_scope = False
        self._new_case = False

    def start_empty(self) -> None:
        """Say that the case is new: nothing is stored yet, so nothing needs to be read."""
        self._new_case = True

    def read_by_scope(self) -> None:
        """Say that most of the case's scopes will not be looked at: each is read when it first is."""
        self._by_scope = True

    def load(self, scope: int, name: str) -> Any:
        """Return a stored value. Raises KeyError when the scope has no such name."""
        return self._chunk((scope, self._chunk_of(name)))[name]

    def chunk(self, scope: int, name: str) -> Mapping[str, Any]:
        """Return everything that one row keeps; empty where there is none."""
        return self._chunk((scope, name))

    def write(
        self,
        changes: Mapping[tuple[int, str], Any],
        closed: Iterable[int],
        completion: Completion | None = None,
    ) -> None:
        """Write what a step changed and drop the scopes it closed.

        A form's row that holds just what was entered refers to the activity of the completion instead of repeating it.
        """
        gone = set(closed)
        by_chunk: dict[Chunk, dict[str, Any]] = defaultdict(dict)
        for (scope, name), value in changes.items():
            if scope not in gone:
                by_chunk[scope, self._chunk_of(name)][name] = value
        rows = [self._row(chunk, values, completion) for chunk, values in by_chunk.items()]
        if rows:
            _WRITE.run(self._transaction, rows)
        if gone and not self._new_case:
            self._transaction.execute(_DROP, [{"case_": self._case, "scope_": scope} for scope in sorted(gone)])

    def _chunk(self, chunk: Chunk) -> dict[str, Any]:
        if chunk not in self._chunks:
            self._chunks[chunk] = {} if self._new_case else self._opened(chunk)
        return self._chunks[chunk]

    def _opened(self, chunk: Chunk) -> dict[str, Any]:
        found = self._alone(chunk) if chunk[1].startswith(PAGE) else self._swept(chunk)
        if found is None:
            return {}
        source, sealed = found
        place = self._place(*chunk) if source is None else activity_place(self._case, source)
        opened: dict[str, Any] = unpack(self._keyring.open(sealed, place))
        return opened

    def _swept(self, chunk: Chunk) -> tuple[int | None, bytes] | None:
        scope = chunk[0] if self._by_scope else EVERY
        if scope not in self._sealed:
            values = {"case_": self._case, "scope_": scope} if self._by_scope else {"case_": self._case}
            rows = self._transaction.execute(_SWEEP_SCOPE if self._by_scope else _SWEEP, values)
            self._sealed[scope] = {(row.scope, row.name): (row.source, row.sealed) for row in rows}
        found = self._sealed[scope].get(chunk)
        if found is None:
            return None
        source, sealed = found
        return self._alone(chunk) if sealed is None else (source, sealed)

    def _alone(self, chunk: Chunk) -> tuple[int | None, bytes] | None:
        scope, name = chunk
        row = self._transaction.execute(_ALONE, {"case_": self._case, "scope_": scope, "name_": name}).first()
        return None if row is None else (row.source, bytes(row.sealed))

    def _row(self, chunk: Chunk, values: Mapping[str, Any], completion: Completion | None) -> dict[str, Any]:
        scope, name = chunk
        merged = dict(values) if name in values else {**self._chunk(chunk), **values}
        self._chunks[chunk] = merged
        row: dict[str, Any] = {"case": self._case, "scope": scope, "name": name, "value": None, "source": None}
        if scope == ROOT and completion is not None and completion.values == merged:
            row["source"] = completion.token
        else:
            row["value"] = self._keyring.seal(pack(merged), self._place(scope, name))
        return row

    def _place(self, scope: int, name: str) -> bytes:
        return f"variable:{self._case}:{scope}:{name}".encode()


_v = t.variable.c
_ENTERED = sa.and_(t.activity.c.case == _v.case, t.activity.c.token == _v.source)
_PAYLOAD = sa.func.coalesce(_v.value, t.activity.c["values"])
_ROWS = t.variable.outerjoin(t.activity, _ENTERED)
_OF_CASE = _v.case == sa.bindparam("case_")
# One statement brings every small row sealed, of a large one only that it is there, and of the pages of long lists
# nothing.
_SWEEP = (
    sa.select(_v.scope, _v.name, _v.source, sa.case((sa.func.length(_PAYLOAD) <= SMALL, _PAYLOAD)).label("sealed"))
    .select_from(_ROWS)
    .where(_OF_CASE, sa.func.substr(_v.name, 1, 1) != PAGE)
)
_SWEEP_SCOPE = _SWEEP.where(_v.scope == sa.bindparam("scope_"))
_ALONE = (
    sa.select(_v.source, _PAYLOAD.label("sealed"))
    .select_from(_ROWS)
    .where(_OF_CASE, _v.scope == sa.bindparam("scope_"), _v.name == sa.bindparam("name_"))
)
_WRITE = replacing(t.variable, "value", "source")
_DROP = t.variable.delete().where(_v.case == sa.bindparam("case_"), _v.scope == sa.bindparam("scope_"))
