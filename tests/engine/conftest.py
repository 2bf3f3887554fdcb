"""An engine that sends parcels: its processes know no benefit and no law."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BpmnError, ModelError, Text
from engine.model import LocalCall
from engine.runtime import RemoteRequest
from engine.store.series import next_number
from engine.store.transaction import Transaction
from engine.testing import Kit

BUNDLES = Path(__file__).parent / "bundles"


def book(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Count a booking in the step's own transaction."""
    return {"booking": next_number(transaction, f"booking:{call.case['region']}")}


def weigh(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """The scale breaks at 13 tons."""
    if call.variables["load"] == 13:
        raise ModelError(Text("秤坏了。", "Expected a scale that works, but it is broken."), call.element)
    return {}


def send(request: RemoteRequest) -> Mapping[str, Any]:
    """The courier refuses parcels to nobody."""
    if request.variables["to"] == "无名氏":
        raise BpmnError("REJECTED", {"reason": "no such person"})
    return {"waybill": f"W-{request.key}"}


@pytest.fixture(scope="session")
def kit() -> Kit:
    return Kit("parcels", BUNDLES, {"stock.book": book, "scale.weigh": weigh}, {"courier.send": send})
