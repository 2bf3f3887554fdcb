"""Whether this process can do its work: on this database, with this schema, with its job worker alive."""

from __future__ import annotations

from typing import Literal

from engine.queries.status import SEEN_WITHIN
from engine.runtime import Runtime
from engine.store import nodes, publications
from engine.store.transaction import Transaction

Readiness = Literal["ok", "empty", "schema", "worker"]


def readiness(runtime: Runtime, transaction: Transaction) -> Readiness:
    """Return "ok", or what is missing: "schema" is older than this program, "empty" has nothing published.

    "worker" tells that the worker which this very process should run has given no sign of life lately.
    """
    if not runtime.database.can_serve(runtime.migrations):
        return "schema"
    if publications.newest(transaction) == 0:
        return "empty"
    if "worker" in runtime.settings.role and not _seen(runtime, transaction):
        return "worker"
    return "ok"


def _seen(runtime: Runtime, transaction: Transaction) -> bool:
    mine = [row for row in nodes.known(transaction) if row.id == runtime.settings.node]
    return any(transaction.wall - row.seen_at <= SEEN_WITHIN for row in mine)
