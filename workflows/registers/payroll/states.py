"""What a line of a payment run is in, as people say it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import Text

STATES: Mapping[str, Text] = {
    "ready": Text("可发放", "Ready"),
    "held": Text("暂缓", "Held"),
    "dropped": Text("不发", "Not paid"),
    "sent": Text("已送银行", "Sent to the bank"),
    "paid": Text("已到账", "Paid"),
    "returned": Text("银行退回", "Returned by the bank"),
    "carried": Text("转下次补发", "Carried over"),
}
