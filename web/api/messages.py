"""Messages: publish one that may wait for its receiver, correlate one at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import msgspec

from engine.commands.correlate_message import correlate_message as correlate
from engine.commands.publish_message import publish_message as publish
from engine.errors import Conflict, NotFound, Text
from engine.settings import LONGEST_LIFE
from engine.store.keys import new_key
from web.api.operation import Operation
from web.api.shapes import TENANT, Answer, Body, Tenant, Variables, from_json
from web.context import actor, runtime, tx

_LIFE = msgspec.Meta(ge=0, le=int(LONGEST_LIFE.total_seconds() * 1000))
Life = Annotated[int, _LIFE]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class MessagePublicationRequest(Body):
    """A message; without ``timeToLive`` it does not wait. One that starts a case names its place as ``region``."""

    name: Name
    correlation_key: str = ""
    time_to_live: Life = 0
    message_id: str | None = None
    variables: Variables = msgspec.field(default_factory=dict)
    tenant_id: Tenant | None = None


class MessagePublicationResult(Answer):
    """The message that was published."""

    message_key: str
    tenant_id: str = TENANT


class MessageCorrelationRequest(Body):
    """A message for whoever waits for it now."""

    name: Name
    correlation_key: str = ""
    variables: Variables = msgspec.field(default_factory=dict)
    tenant_id: Tenant | None = None


class MessageCorrelationResult(Answer):
    """The process instance that took the message, or that it started."""

    message_key: str
    process_instance_key: str
    tenant_id: str = TENANT


def publish_message(body: MessagePublicationRequest) -> MessagePublicationResult:
    """Publish a message: taken at once by whoever waits for it, else it waits for as long as it lives."""
    done = publish(
        runtime(), tx(), actor(), name=body.name, key=body.correlation_key, values=from_json(body.variables),
        life=timedelta(milliseconds=body.time_to_live), message_id=body.message_id,
    )  # fmt: skip
    if done.repeated:
        raise Conflict(
            Text(
                f"编号为「{body.message_id}」的消息已发布过,没有再次发布。",
                f"Expected a message that is new, but one with the id “{body.message_id}” is alive; nothing was published.",
            )
        )
    return MessagePublicationResult(message_key=str(done.message or new_key()))


def correlate_message(body: MessageCorrelationRequest) -> MessageCorrelationResult:
    """Hand a message to the process instance that waits for it, or start the one it starts."""
    case = correlate(
        runtime(), tx(), actor(), name=body.name, key=body.correlation_key, values=from_json(body.variables)
    )
    if case is None:
        raise NotFound(
            Text(
                f"没有案件在等消息「{body.name}」和这个关联编号。",
                f"Expected a case that waits for the message “{body.name}” with this key, but there is none.",
            )
        )
    return MessageCorrelationResult(message_key=str(new_key()), process_instance_key=str(case))


OPERATIONS = (
    Operation(
        "POST", "/messages/publication", publish_message, "send_message", MessagePublicationRequest,
        MessagePublicationResult,
    ),
    Operation(
        "POST", "/messages/correlation", correlate_message, "send_message", MessageCorrelationRequest,
        MessageCorrelationResult,
    ),
)  # fmt: skip
