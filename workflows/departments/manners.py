"""How the simulated bank behaves: well, or as badly as real ones do."""

from __future__ import annotations

import threading
from enum import StrEnum


class Manner(StrEnum):
    """One way to treat a transfer."""

    FAITHFUL = "faithful"
    SLOW = "slow"
    DROP = "drop"
    LOSE = "lose"
    DOUBLE = "double"
    LIE = "lie"
    FAIL = "fail"
    REJECT = "reject"
    INVALID = "invalid"
    LATE = "late"


DESCRIPTIONS = {
    Manner.FAITHFUL: "正常办理",
    Manner.SLOW: "办理,但迟迟不答复",
    Manner.DROP: "办理,但不答复就断开连接",
    Manner.LOSE: "不办理,也不答复",
    Manner.DOUBLE: "同一请求收到两次",
    Manner.LIE: "办理,却答复系统错误",
    Manner.FAIL: "不办理,答复系统错误",
    Manner.REJECT: "答复转账失败",
    Manner.INVALID: "答复账户有误；代发文件则拒收",
    Manner.LATE: "代发文件迟迟处理不完",
}

# An account that ends so is treated so the first time it is seen under a key; a repeated request is answered well.
SUFFIXES = {
    "0000": Manner.INVALID,
    "0001": Manner.REJECT,
    "0002": Manner.SLOW,
    "0003": Manner.DROP,
    "0004": Manner.DOUBLE,
    "0005": Manner.LIE,
    "0006": Manner.LOSE,
}


class Manners:
    """The manners ordered for the next requests, else those of the account."""

    def __init__(self) -> None:
        self._ordered: list[Manner] = []
        self._lock = threading.Lock()

    def order(self, manner: Manner, times: int) -> None:
        """Treat the next requests so."""
        with self._lock:
            self._ordered += [manner] * times

    def next_for(self, account: str) -> Manner:
        """Return how to treat the next request."""
        with self._lock:
            if self._ordered:
                return self._ordered.pop(0)
        return SUFFIXES.get(account[-4:], Manner.FAITHFUL)
