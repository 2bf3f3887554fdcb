"""Ends a chain of cases that set each other off without end, and tells operations, who may let it go on."""

from __future__ import annotations

from engine.commands.open_incident import open_incident
from engine.commands.publication import Publication, keep
from engine.commands.work import Work
from engine.errors import ModelError, Text
from engine.model import SYSTEM
from engine.runtime import Runtime
from engine.store import deliveries, messages


def is_endless(runtime: Runtime, hops: int) -> bool:
    """Return whether so many cases have set each other off that nobody can have meant it."""
    return hops > runtime.settings.most_hops


def stop_chain(work: Work, publication: Publication, kind: str) -> None:
    """Keep what the step threw instead of handing it on; the incident's retry hands it on and counts anew."""
    status = messages.INCIDENT if kind == messages.MESSAGE else messages.SPREAD
    row = keep(work.runtime, work.transaction, publication, status, kind)
    parked = deliveries.of_message(work.transaction, row.key, deliveries.INCIDENT)
    fault = endless(publication.name)
    located = ModelError(fault.message, publication.element)
    open_incident(work.runtime, work.transaction, SYSTEM, case=work.row.key, fault=located, job=parked, kind=kind)


def endless(name: str) -> ModelError:
    """Return the fault of a chain that does not end; ``name`` is what would have come next."""
    return ModelError(
        Text(
            f"案件连续相互触发次数过多,已停在「{name}」;请检查各流程的消息和信号是否首尾相连,改正后再重试。",
            f"Expected cases that set each other off to come to an end, but they go on and on; stopped before “{name}”. "
            "Look for messages and signals that lead in a circle, mend the processes, then retry.",
        )
    )
