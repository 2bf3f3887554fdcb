"""What a person may tell an open case: the messages it waits for whose event has a form and names the person's role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.access import covers, scope
from engine.errors import NotFound, Text
from engine.forms import Form
from engine.model import Actor
from engine.runtime.opening import OpenedCase
from engine.store import subscriptions
from engine.store.subscriptions import SubscriptionRow
from engine.store.transaction import Transaction

TOLD_BY = "told_by"


@dataclass(frozen=True)
class Telling:
    """A message that the case waits for, the name of its event, and the form by which people tell it."""

    waiting: SubscriptionRow
    name: str
    form: Form

    @property
    def message(self) -> str:
        """Return the message's name."""
        return self.waiting.message


def tellings(transaction: Transaction, actor: Actor, opened: OpenedCase) -> Sequence[Telling]:
    """Return what the actor may tell the case now: by a role that the event's property ``told_by`` lists, working there."""
    if opened.row.status != "open":
        return ()
    grants = scope(opened.published.roles, actor, "work").grants
    here = {role for role, prefix in grants if covers((prefix,), opened.row.region)}
    rows = subscriptions.of_tokens(transaction, opened.row.key) if here else []
    nodes = [(row, opened.definition.node(row.process, row.element)) for row in rows]
    return [
        Telling(row, node.name or row.message, opened.definition.forms[node.form])
        for row, node in nodes
        if node.form and here.intersection(node.listed(TOLD_BY))
    ]


def telling(transaction: Transaction, actor: Actor, opened: OpenedCase, message: str) -> Telling:
    """Return one message the actor may tell. Raises NotFound when it is none of these."""
    for one in tellings(transaction, actor, opened):
        if one.message == message:
            return one
    raise NotFound(
        Text(
            "案件现在不等这项消息，或者您的岗位不能告知。请回到案件页查看。",
            "Expected a case that waits for this and a role that may tell it; look at the case's page.",
        )
    )
