"""Every column that only the master key opens or makes, so that a new key can take the old one's place everywhere.

A test holds this list to the tables: a column of bytes is sealed, a blind index, or named as neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter
from typing import Any

import sqlalchemy as sa

from engine.store import tables as t


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed values; ``place`` is what each is bound to, with the row's columns by name."""

    column: sa.Column[bytes]
    place: str
    at_once: int = 500

    @property
    def named(self) -> tuple[sa.Column[Any], ...]:
        """Return the columns that the place names."""
        names = [name for _, name, _, _ in Formatter().parse(self.place) if name]
        return tuple(self.column.table.c[name] for name in names)

    def place_of(self, row: Any) -> bytes:
        """Return what the value of this row is bound to."""
        return self.place.format(**row).encode()


SEALED: tuple[SealedColumn, ...] = (
    SealedColumn(t.case.c.title, "title:{key}"),
    SealedColumn(t.case_state.c.state, "state:{case}"),
    SealedColumn(t.variable.c.value, "variable:{case}:{scope}:{name}"),
    SealedColumn(t.iteration.c.state, "iteration:{case}:{token}"),
    SealedColumn(t.iteration.c.result, "iteration:{case}:{token}"),
    SealedColumn(t.migration_case.c.snapshot, "migration:{migration}:{case}"),
    SealedColumn(t.modification.c.variables, "modification:{key}"),
    SealedColumn(t.repair.c.variables, "repair:{key}"),
    SealedColumn(t.user_task.c.draft, "draft:{key}"),
    SealedColumn(t.job.c.payload, "job:{key}"),
    SealedColumn(t.subscription.c.shown_key, "subscription:{key}"),
    SealedColumn(t.message.c.payload, "message:{key}"),
    SealedColumn(t.activity.c["values"], "activity:{case}:{token}"),
    SealedColumn(t.document.c.body, "document:{key}", at_once=100),
    SealedColumn(t.file.c.name, "name:{key}"),
    SealedColumn(t.file.c.data, "file:{key}", at_once=10),
    SealedColumn(t.person.c.phone, "phone:{key}"),
)

BLIND: tuple[sa.Column[bytes], ...] = (
    t.case_index.c.blind,
    t.subscription.c.correlation,
    t.message.c.correlation,
    t.message.c.message_id,
    t.started_by_message.c.correlation,
)

# Content of designers, digests, answers without personal data, and counts of attempts, which a new key forgets.
NEITHER: tuple[sa.Column[bytes], ...] = (
    t.resource.c.data, t.publication.c.content, t.case_state.c.audit_head, t.user_task.c.properties, t.audit.c.details,
    t.audit.c.digest, t.document.c.digest, t.session.c.digest, t.attempt.c.bucket, t.request.c.result,
    t.master_key.c.fingerprint, t.master_key.c.next, t.api_token.c.digest,
)  # fmt: skip
