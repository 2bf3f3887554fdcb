"""A message or signal on its way: what it says, who sent it, how long it may wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from engine.access import covers
from engine.errors import Forbidden, Text
from engine.model import SentMessage, SentSignal
from engine.runtime import Runtime
from engine.store import messages
from engine.store.cases import CaseRow
from engine.store.keys import new_key
from engine.store.meeting import Place
from engine.store.messages import MessageRow
from engine.store.subscriptions import place_of
from engine.store.transaction import Transaction

# What waits for another transaction alone needs no longer than that takes.
_SHORTEST_LIFE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Publication:
    """One message or signal; ``region`` is the sender's, ``""`` where nobody said.

    ``reach`` holds the region prefixes in which the sender may move cases, None for everywhere. ``stored`` is the row
    of one that waited already. ``hops`` counts the cases that set each other off until one threw it.
    """

    name: str
    key: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    life: timedelta = timedelta()
    message_id: str | None = None
    region: str = ""
    sender: str = "system"
    case: int | None = None
    process: str | None = None
    element: str | None = None
    reach: tuple[str, ...] | None = None
    stored: MessageRow | None = None
    hops: int = 0

    def check_reach(self, region: str) -> None:
        """Raise Forbidden unless the sender may move cases of the region."""
        if self.reach is None or covers(self.reach, region):
            return
        raise Forbidden(
            Text(
                f"等待消息「{self.name}」的案件不在您负责的地区,请由当地人员发送。",
                f"Expected the case that waits for “{self.name}” in your own area, but it lies elsewhere; "
                "ask the people there.",
            )
        )

    def place(self, runtime: Runtime) -> Place:
        """Return where it meets its receiver."""
        return place_of(runtime.keyring, self.name, self.key)


def thrown(case: CaseRow, sent: SentMessage | SentSignal, hops: int, life: timedelta) -> Publication:
    """Return what a step of the case threw, so many hops from where it began, and for how long it waits."""
    name, key = (sent.message, sent.key) if isinstance(sent, SentMessage) else (sent.signal, "")
    return Publication(
        name=name, key=key, variables=dict(sent.variables), life=life, region=case.region,
        case=case.key, process=sent.process, element=sent.element, hops=hops,
    )  # fmt: skip


def restored(runtime: Runtime, row: MessageRow) -> Publication:
    """Return a message that waited as what it was when it was published."""
    key, variables = messages.open_payload(runtime.keyring, row)
    return Publication(
        name=row.name, key=key, variables=variables, life=row.expires_at - row.published_at, region=row.region,
        sender=row.published_by, case=row.case, process=row.process, element=row.element, stored=row,
        reach=tuple(row.reach.split()) if row.reach else None, hops=row.hops,
    )  # fmt: skip


def keep(
    runtime: Runtime, transaction: Transaction, publication: Publication, status: str, kind: str = messages.MESSAGE
) -> MessageRow:
    """Return the row of the message or signal, written with this status or changed to it."""
    if publication.stored is not None:
        messages.set_status(transaction, publication.stored.key, status)
        return replace(publication.stored, status=status)
    key, now = new_key(), transaction.now
    named = runtime.keyring.blind("message_id", publication.message_id) if publication.message_id else None
    row = MessageRow(
        key=key,
        region=publication.region or runtime.settings.city,
        kind=kind,
        name=publication.name,
        correlation=publication.place(runtime).correlation,
        payload=messages.seal_payload(runtime.keyring, key, publication.key, publication.variables),
        message_id=named,
        published_at=now,
        expires_at=now + max(publication.life, _SHORTEST_LIFE if status != messages.RECEIVED else timedelta()),
        published_by=publication.sender,
        case=publication.case,
        process=publication.process,
        element=publication.element,
        status=status,
        received_by=None,
        hops=publication.hops,
        reach=None if publication.reach is None or "" in publication.reach else " ".join(publication.reach),
    )
    messages.insert(transaction, row)
    return row
