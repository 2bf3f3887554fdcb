"""The history of a case: one row per activity instance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.projection import activity_place
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.values import pack, unpack


def done_by(transaction: Transaction, case: int, elements: Sequence[str], person: int) -> str | None:
    """Return the name of the first of these elements that the person completed in the case, if any."""
    row = transaction.execute(_DONE_BY, {"case_": case, "elements": list(elements), "person_": person}).first()
    return row.name if row else None


def values(transaction: Transaction, keyring: Keyring, case: int, token: int) -> dict[str, Any] | None:
    """Return what was entered when the activity was completed."""
    row = transaction.execute(_VALUES, {"case_": case, "token_": token}).first()
    if row is None or row.values is None:
        return None
    return dict(unpack(keyring.open(row.values, activity_place(case, token))))


def correct(
    transaction: Transaction, keyring: Keyring, case: int, token: int, entered: dict[str, Any], note: str
) -> None:
    """Replace what was entered in a completed activity; the note says who and why."""
    sealed = keyring.seal(pack(entered), activity_place(case, token))
    transaction.execute(_CORRECT, {"case_": case, "token_": token, "values": sealed, "note": note})


def claimed(transaction: Transaction, case: int, token: int, person: int | None, name: str | None) -> None:
    """Note who holds the activity since when."""
    at = transaction.now if person is not None else None
    row = {"case_": case, "token_": token, "claimed_at": at, "person": person, "person_name": name}
    transaction.execute(_CLAIMED, row)


_a = t.activity.c
_DONE_BY = (
    sa.select(_a.name)
    .where(
        _a.case == sa.bindparam("case_"),
        _a.element.in_(sa.bindparam("elements", expanding=True)),
        _a.person == sa.bindparam("person_"),
        _a.outcome == "completed",
    )
    .limit(1)
)
_AT = (_a.case == sa.bindparam("case_"), _a.token == sa.bindparam("token_"))
_VALUES = sa.select(_a["values"]).where(*_AT)
_CORRECT = t.activity.update().where(*_AT).values(values=sa.bindparam("values"), note=sa.bindparam("note"))
_CLAIMED = (
    t.activity.update()
    .where(*_AT)
    .values({name: sa.bindparam(name) for name in ("claimed_at", "person", "person_name")})
)
