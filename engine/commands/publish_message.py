"""Publishes a message: taken at once by whoever waits for it, else kept until somebody does or its time is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine.commands.distribute import distribute
from engine.commands.follow_up import follow_up
from engine.commands.publication import Publication
from engine.commands.send import sending
from engine.errors import Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.settings import LONGEST_LIFE
from engine.store import audit, meeting, messages
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class PublishedMessage:
    """What became of the message: the case that took it, the row that keeps it; ``repeated`` when it came before."""

    case: int | None
    message: int | None
    repeated: bool = False


def publish_message(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    name: str,
    key: str = "",
    values: Mapping[str, Any] | None = None,
    life: timedelta | None = None,
    message_id: str | None = None,
    region: str = "",
    reason: str = "",
) -> PublishedMessage:
    """Return what became of the message.

    ``life`` is how long it may wait for its receiver (none: not at all; by default as long as thrown ones). A second
    message of the same name, key and ``message_id`` is the first one again while that lives. Raises Forbidden without
    the right to send, Invalid for a life beyond a year or a start without a place.
    """
    lives = runtime.settings.message_life if life is None else life
    if not timedelta() <= lives <= LONGEST_LIFE:
        message = Text(
            "有效期应在 0 到 366 天之间。", f"Expected a life of 0 to 366 days, but it is {lives}; correct it."
        )
        raise Invalid(message, {"life": message})
    given = Publication(name, key, values or {}, lives, message_id or None, region)
    publication = sending(runtime, transaction, actor, given)
    known = _published_before(runtime, transaction, publication)
    if known is not None:
        return known
    done = distribute(runtime, transaction, actor, publication, patient=True)
    if done.work is not None:
        follow_up(done.work)
    case = done.work.row.key if done.work else None
    details = {"case": str(case or ""), "message": str(done.message or ""), "reason": reason.strip()}
    entry = audit.Entry("publish_message", f"message:{name}", region=publication.region, details=details)
    audit.append_unlocked(transaction, f"messages:{name}", actor, entry)
    return PublishedMessage(case, done.message)


def _published_before(runtime: Runtime, transaction: Transaction, publication: Publication) -> PublishedMessage | None:
    if publication.message_id is None:
        return None
    place = publication.place(runtime)
    meeting.hold_id(transaction, place, publication.message_id)
    named = runtime.keyring.blind("message_id", publication.message_id)
    found = messages.published_before(transaction, place, named)
    return None if found is None else PublishedMessage(found.received_by, found.key, repeated=True)
