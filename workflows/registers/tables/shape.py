"""What the tables of the registers have in common."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tables import Instant, Key
from engine.store.tables import metadata as engine_metadata

metadata = sa.MetaData(naming_convention=engine_metadata.naming_convention)


def key() -> sa.Column[int]:
    """Return the primary key of a row that grows with time."""
    return sa.Column("key", Key, primary_key=True, autoincrement=False)


def reference(name: str, nullable: bool = False) -> sa.Column[int]:
    """Return a column that holds another row's key."""
    return sa.Column(name, Key, nullable=nullable)


def text(name: str, nullable: bool = False) -> sa.Column[str]:
    """Return a column of text."""
    return sa.Column(name, sa.Text, nullable=nullable)


def moment(name: str, nullable: bool = True) -> sa.Column[object]:
    """Return a column that holds an instant."""
    return sa.Column(name, Instant, nullable=nullable)


def sealed(name: str, nullable: bool = False) -> sa.Column[bytes]:
    """Return a column of bytes: sealed, or a blind index."""
    return sa.Column(name, sa.LargeBinary, nullable=nullable)


def one_of(column: str, *values: str) -> sa.CheckConstraint:
    """Return the check that the column holds one of the values."""
    return sa.CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=f"known_{column}")


def two_times() -> tuple[sa.schema.SchemaItem, ...]:
    """Return the columns of a row that holds from a day to before a day, as known from a moment to before a moment."""
    return (
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        moment("recorded_from", False),
        moment("recorded_to"),
        reference("case"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="some_days"),
    )
