"""Puts roles, outside services, calendars or numbers in force."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model import Actor
from engine.runtime import Runtime
from engine.store import audit, publications
from engine.store.transaction import Transaction


def publish_contents(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, contents: Mapping[tuple[str, str], bytes]
) -> int:
    """Return how many of the checked contents, by (kind, subject), were new; the others were in force already."""
    changed = [
        (kind, subject)
        for (kind, subject), content in contents.items()
        if publications.publish(transaction, actor, kind, subject, content)
    ]
    for kind, subject in changed:
        audit.append_unlocked(transaction, "publications", actor, audit.Entry("publish", f"{kind}:{subject}"))
    if changed:
        runtime.changes_published(transaction)
    return len(changed)
