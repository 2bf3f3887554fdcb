"""Whether a key or name that somebody asked for is one of ours at all."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.transaction import Transaction

LARGEST_KEY = 2**63 - 1


def is_ours(transaction: Transaction, value: str) -> bool:
    """Return whether the value is the key of anything stored, or the name of a deployed process."""
    if not (value.isascii() and value.isdecimal()):
        return transaction.execute(_NAME, {"value": value}).first() is not None
    number = int(value)
    return number <= LARGEST_KEY and transaction.execute(_KEY, {"value": number}).first() is not None


_TABLES = (
    t.case, t.user_task, t.job, t.incident, t.message, t.document, t.definition, t.migration, t.api_token, t.activity,
)  # fmt: skip
_NUMBER = sa.bindparam("value", type_=sa.BigInteger)
_TEXT = sa.bindparam("value", type_=sa.Text)
_KEY = sa.union_all(*(sa.select(table.c.key).where(table.c.key == _NUMBER) for table in _TABLES))
_NAME = sa.union_all(
    sa.select(sa.literal(1)).where(sa.exists().where(t.definition.c.process == _TEXT)),
    sa.select(sa.literal(1)).where(sa.exists().where(t.file.c.key == _TEXT)),
)
