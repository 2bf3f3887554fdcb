"""Why a case went the way it did: the rules of decision tables that applied, as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.queries.history import HistoryRow
from engine.runtime.loaded import LoadedDefinition


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that applied: its table, its number there from 1, and the notes the table keeps with it."""

    table: str
    rule: int
    notes: tuple[str, ...]


def reasons(definition: LoadedDefinition, past: Iterable[HistoryRow]) -> Mapping[int, tuple[Reason, ...]]:
    """Return the rules that applied, by the token of the activity that asked."""
    return {row.token: tuple(_reasons(definition, row)) for row in past if row.rules}


def _reasons(definition: LoadedDefinition, row: HistoryRow) -> Iterable[Reason]:
    node = definition.nodes.get((row.process, row.element))
    model = definition.tables.get(node.decision or "") if node else None
    for table, rule in row.rules:
        drawn = model.table(table) if model else None
        yield Reason(drawn.name if drawn else table, rule, drawn.notes(rule) if drawn else ())
