"""What happened in a case so far, in the order it happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.runtime import Runtime
from engine.store import tables as t
from engine.store.projection import RULES, activity_place
from engine.store.transaction import Transaction
from engine.store.values import unpack

_SHOWN = frozenset({"userTask", "serviceTask", "sendTask", "callActivity", "startEvent", "endEvent", "boundaryEvent"})


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One activity or event of a case; ``outcome`` is None while it is open.

    ``rules`` are those that decided: the table's id and the rule's number, from 1.
    """

    token: int
    process: str
    element: str
    what: str
    kind: str
    item: str | None
    entered_at: datetime
    left_at: datetime | None
    outcome: str | None
    who: str | None
    due_at: datetime | None
    form: str | None
    values: Mapping[str, Any] | None
    note: str | None
    rules: tuple[tuple[str, int], ...] = ()

    @property
    def shown(self) -> bool:
        """Return whether the timeline shows it: steps of people and of the outside and decisions, not inner wiring."""
        return self.kind in _SHOWN or bool(self.rules)


def history(runtime: Runtime, transaction: Transaction, case: int) -> tuple[HistoryRow, ...]:
    """Return every activity of the case, oldest first, with what was entered."""
    rows = transaction.execute(_HISTORY, {"case_": case})
    return tuple(_row(runtime, case, row) for row in rows)


def _row(runtime: Runtime, case: int, row: Any) -> HistoryRow:
    *columns, sealed, note = tuple(row)
    values = unpack(runtime.keyring.open(sealed, activity_place(case, columns[0]))) if sealed else {}
    rules = tuple((table, int(rule)) for table, rule in values.pop(RULES, ()))
    return HistoryRow(*(*columns, values or None, note, rules))


_a = t.activity.c
_HISTORY = (
    sa.select(
        _a.token, _a.process, _a.element, _a.name, _a.kind, _a.item, _a.entered_at, _a.left_at, _a.outcome,
        _a.person_name, _a.due_at, _a.form, _a["values"], _a.note,
    )
    .where(_a.case == sa.bindparam("case_"))
    .order_by(_a.key)
)  # fmt: skip
