"""Keeps a fault of the model or the world where somebody sees it."""

from __future__ import annotations

import logging
from typing import Unpack

from engine import log
from engine.errors import ModelError
from engine.model import SYSTEM, Actor
from engine.runtime import Runtime
from engine.store import audit, cases, incidents
from engine.store.transaction import Transaction


def open_incident(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, case: int, fault: ModelError, job: int | None = None,
    kind: str = "model", tries: int = 1,
) -> int:  # fmt: skip
    """Return the key of the incident: the open one at the same element, counted up, or a new one."""
    row = cases.find(transaction, case)
    if row is None:
        raise ValueError(f"no case {case} to open an incident for")
    name = _element_name(runtime, transaction, row.definition, fault.element)
    key = incidents.open_or_count(transaction, row, job, fault, kind, tries, name)
    entry = audit.Entry("open_incident", f"incident:{key}", region=row.region, details={"case": str(case)})
    audit.append_unlocked(transaction, "incidents", actor, entry)
    element = fault.element or ""
    transaction.after_commit(
        lambda: _tell(incident=key, case=case, number=row.number, process=row.process, element=element, kind=kind)
    )
    return key


def open_incident_of_start(
    runtime: Runtime, transaction: Transaction, *, definition: int, region: str, fault: ModelError, job: int, kind: str
) -> int:
    """Return the key of the incident of a case that could not begin; ``job`` is what would begin it."""
    name = _element_name(runtime, transaction, definition, fault.element)
    process = runtime.definition(transaction, definition).row.process
    key = incidents.open_or_count_start(transaction, process, region, job, fault, kind, name)
    entry = audit.Entry("open_incident", f"incident:{key}", region=region, details={"process": process})
    audit.append_unlocked(transaction, "incidents", SYSTEM, entry)
    element = fault.element or ""
    transaction.after_commit(lambda: _tell(incident=key, process=process, element=element, kind=kind))
    return key


def _tell(**facts: Unpack[log.Facts]) -> None:
    log.tell(logging.WARNING, "incident_opened", **facts)


def _element_name(runtime: Runtime, transaction: Transaction, definition: int, element: str | None) -> str | None:
    nodes = runtime.definition(transaction, definition).nodes
    return next((node.name for (_, id_), node in nodes.items() if id_ == element), None)
