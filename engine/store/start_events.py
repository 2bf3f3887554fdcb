"""Start events of the newest versions that a message or a signal reaches, and which case each message started."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from engine.store import tables as t
from engine.store.keys import new_key
from engine.store.meeting import Place
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class StartEventRow:
    """A start event that waits for a message or a signal of this name."""

    key: int
    definition: int
    process: str
    element: str
    kind: str
    name: str


def replace(transaction: Transaction, process: str, definition: int, events: Iterable[tuple[str, str, str]]) -> None:
    """Let the newest version's start events, as (element, kind, name), wait instead of those before."""
    transaction.execute(_DROP, {"process_": process})
    rows = [
        {
            "key": new_key(), "definition": definition, "process": process,
            "element": element, "kind": kind, "name": name,
        }
        for element, kind, name in events
    ]  # fmt: skip
    transaction.insert(t.start_event, rows)


def waiting(transaction: Transaction, kind: str, name: str) -> list[StartEventRow]:
    """Return the start events that wait for the message or signal, oldest first."""
    return transaction.every(StartEventRow, _WAITING, {"kind_": kind, "name_": name})


def find(transaction: Transaction, key: int) -> StartEventRow | None:
    """Return a start event, None when a newer version has replaced it."""
    return transaction.first(StartEventRow, _FIND, {"key_": key})


def is_running(transaction: Transaction, process: str, place: Place) -> bool:
    """Return whether a case is open that a message of this name and key started."""
    return transaction.execute(_RUNNING, _place(process, place)).first() is not None


def note_started(transaction: Transaction, process: str, place: Place, case: int) -> None:
    """Remember which open case the message started."""
    values = {"process": process, "name": place.name, "correlation": place.correlation, "case": case}
    transaction.insert(t.started_by_message, [values])


def of_case(transaction: Transaction, case: int) -> Place | None:
    """Return the name and key of the message that started the case, if it had a key."""
    return transaction.first(Place, _OF_CASE, {"case_": case})


def release(transaction: Transaction, case: int) -> None:
    """Make room for the next case of the same message name and key."""
    transaction.execute(_RELEASE, {"case_": case})


def _place(process: str, place: Place) -> Mapping[str, object]:
    return {"process_": process, "name_": place.name, "correlation_": place.correlation}


_e = t.start_event.c
_b = t.started_by_message.c
_COLUMNS = tuple(_e[name] for name in StartEventRow.__slots__)
_DROP = t.start_event.delete().where(_e.process == sa.bindparam("process_"))
_FIND = sa.select(*_COLUMNS).where(_e.key == sa.bindparam("key_"))
_WAITING = (
    sa.select(*_COLUMNS).where(_e.kind == sa.bindparam("kind_"), _e.name == sa.bindparam("name_")).order_by(_e.key)
)
_RUNNING = sa.select(_b.case).where(
    _b.process == sa.bindparam("process_"),
    _b.name == sa.bindparam("name_"),
    _b.correlation == sa.bindparam("correlation_"),
)
_OF_CASE = sa.select(_b.name, _b.correlation).where(_b.case == sa.bindparam("case_"))
_RELEASE = t.started_by_message.delete().where(_b.case == sa.bindparam("case_"))
