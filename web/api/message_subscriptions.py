"""Message subscriptions: what process instances wait for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from engine.queries.search.subscriptions import COLUMNS, SubscriptionLine, search_subscriptions
from web.api.operation import Operation
from web.api.searching import answer_of, criteria, found, search_body
from web.api.shapes import TENANT, Answer, text_of
from web.context import actor, runtime, tx


class MessageSubscription(Answer):
    """A token that waits for a message; the correlation key is told to who may reveal it, its end alone where personal."""

    message_subscription_key: str
    business_id: str | None
    process_definition_id: str
    process_definition_key: str | None
    process_definition_name: str | None
    process_definition_version: int | None
    process_instance_key: str | None
    root_process_instance_key: str | None
    element_id: str
    element_instance_key: str | None
    last_updated_date: datetime
    message_name: str
    correlation_key: str | None
    message_subscription_state: str = "CREATED"
    message_subscription_type: str = "PROCESS_EVENT"
    tool_properties: dict[str, str] = msgspec.field(default_factory=dict)
    tool_name: str | None = None
    inbound_connector_type: str | None = None
    tenant_id: str = TENANT


SubscriptionQuery, SubscriptionPage = search_body("MessageSubscription", COLUMNS), answer_of(MessageSubscription)


def search_message_subscriptions(body: Any) -> Answer:
    """Return what process instances within reach wait for; what was taken is not kept."""
    return found(SubscriptionPage, search_subscriptions(runtime(), tx(), actor(), criteria(body)), _rendered)


def _rendered(line: SubscriptionLine) -> MessageSubscription:
    return MessageSubscription(
        message_subscription_key=str(line.key),
        business_id=line.number,
        process_definition_id=line.process,
        process_definition_key=str(line.definition),
        process_definition_name=line.process_name,
        process_definition_version=line.version,
        process_instance_key=str(line.case),
        root_process_instance_key=str(line.case),
        element_id=line.element,
        element_instance_key=text_of(line.activity),
        last_updated_date=line.since,
        message_name=line.message,
        correlation_key=line.correlation,
    )


OPERATIONS = (
    Operation(
        "POST", "/message-subscriptions/search", search_message_subscriptions, "see_incident", SubscriptionQuery,
        SubscriptionPage,
    ),
)  # fmt: skip
