"""What a scenario needs around the engine: an empty city, and a look into the bureau's registers."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any, Protocol

from engine.clock import FixedClock
from engine.runtime import Runtime
from engine.store.transaction import Transaction


class Stage(Protocol):
    """Prepared by the bureau's side, with every process under test deployed."""

    def city(self, clock: FixedClock) -> AbstractContextManager[Runtime]:
        """Return a runtime on a fresh database in which nothing has happened yet."""

    def given(self, transaction: Transaction, facts: Mapping[str, Any]) -> None:
        """Write what the scenario says the registers hold before it begins."""

    def ledger(self, transaction: Transaction) -> Mapping[str, Decimal]:
        """Return the balance of every account in CNY."""

    def register(self, transaction: Transaction, case: int) -> Mapping[str, Any]:
        """Return what the registers say about the case."""
