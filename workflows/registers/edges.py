"""The register of edge households: one row a case, from the list or the application to the end of the status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.store.keys import new_key
from engine.store.transaction import Transaction
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import edge_household

FACTS = frozenset(edge_household.columns.keys()) - {"key", "region", "case", "number", "standing", "standing_at"}


def note(transaction: Transaction, case: CaseRef, standing: str, facts: Mapping[str, Any]) -> None:
    """Write how the case's household stands and what is newly known of it; what ``facts`` leaves out stays.

    The names of ``facts`` are FACTS; days are dates, ``household`` and ``roster`` keys.
    """
    values = {**facts, "standing": standing, "standing_at": transaction.now}
    known = edge_household.update().where(edge_household.c.case == case.key)
    if transaction.execute(known.values(values)).rowcount:
        return
    row = dict.fromkeys(FACTS) | {"key": new_key(), "region": case.region, "case": case.key, "number": case.number}
    transaction.insert(edge_household, [row | {"basis": "direct", "authorised": False} | values])
