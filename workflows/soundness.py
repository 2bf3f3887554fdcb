"""What must hold of a whole database, the engine's tables and the registers', before people rely on it again."""

from __future__ import annotations

from engine.queries.invariants import scan_invariants
from engine.runtime import Runtime
from workflows.registers import ledger


def contradictions(runtime: Runtime) -> tuple[str, ...]:
    """Return a sentence for everything that contradicts itself: cases and rows, audit chains, the ledger's balances."""
    with runtime.read() as transaction:
        told, added = ledger.balances(transaction), ledger.recomputed(transaction)
    wrong = sorted(account for account in told.keys() | added.keys() if told.get(account, 0) != added.get(account, 0))
    return (
        *scan_invariants(runtime),
        *(
            f"the balance of {name} says {told.get(name)}, but its transfers add up to {added.get(name)}"
            for name in wrong
        ),
    )
