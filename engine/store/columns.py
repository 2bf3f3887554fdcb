"""What the columns of the engine's tables are made of: keys, instants, texts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from engine.clock import SHANGHAI

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# On SQLite only INTEGER is the row id itself; BIGINT would need a second index.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Instant(sa.TypeDecorator[datetime]):
    """A moment as microseconds since 1970, read back in Shanghai time."""

    impl = Key
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> int | None:
        """Return the microseconds to store."""
        return None if value is None else round(value.timestamp() * 1_000_000)

    def process_result_value(self, value: int | None, _dialect: Any) -> datetime | None:
        """Return the moment with its zone."""
        if value is None:
            return None
        seconds, micros = divmod(value, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros).astimezone(SHANGHAI)


def key(name: str = "key") -> sa.Column[int]:
    """Return the primary key column."""
    return sa.Column(name, Key, primary_key=True, autoincrement=False)


def at(name: str, nullable: bool = True) -> sa.Column[datetime]:
    """Return a column that holds an instant."""
    return sa.Column(name, Instant, nullable=nullable)


def text(name: str, nullable: bool = False) -> sa.Column[str]:
    """Return a column of text."""
    return sa.Column(name, sa.Text, nullable=nullable)


def ref(name: str, nullable: bool = False, index: bool = False) -> sa.Column[int]:
    """Return a column that holds the key of another row."""
    return sa.Column(name, Key, nullable=nullable, index=index)
