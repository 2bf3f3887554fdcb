"""Signals: tell everybody who waits."""

from __future__ import annotations

import msgspec

from engine.commands.broadcast_signal import broadcast_signal as broadcast
from engine.store.keys import new_key
from web.api.messages import Name
from web.api.operation import Operation
from web.api.shapes import TENANT, Answer, Body, Tenant, Variables, from_json
from web.context import actor, runtime, tx


class SignalBroadcastRequest(Body):
    """A signal; one that starts cases names their place as the variable ``region``."""

    signal_name: Name
    variables: Variables = msgspec.field(default_factory=dict)
    tenant_id: Tenant | None = None


class SignalBroadcastResult(Answer):
    """The signal that was broadcast."""

    signal_key: str
    tenant_id: str = TENANT


def broadcast_signal(body: SignalBroadcastRequest) -> SignalBroadcastResult:
    """Tell everybody who waits for the signal within reach of the token; whoever waits later does not hear it."""
    broadcast(runtime(), tx(), actor(), name=body.signal_name, values=from_json(body.variables))
    return SignalBroadcastResult(signal_key=str(new_key()))


OPERATIONS = (
    Operation(
        "POST", "/signals/broadcast", broadcast_signal, "send_message", SignalBroadcastRequest, SignalBroadcastResult
    ),
)
