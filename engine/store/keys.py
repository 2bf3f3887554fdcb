"""Public keys: 63-bit integers that grow with time, so that indexes grow at their end."""

from __future__ import annotations

import secrets
import threading
import time

_EPOCH_MS = 1_735_689_600_000  # 2025-01-01T00:00Z: 41 bits of milliseconds last until 2094
_SEQUENCE_BITS = 22
_lock = threading.Lock()
_last = 0


def new_key() -> int:
    """Return a key above every key this process gave before, unlike those of other processes."""
    global _last
    with _lock:
        moment = (time.time_ns() // 1_000_000 - _EPOCH_MS) << _SEQUENCE_BITS
        _last = max(moment + secrets.randbits(_SEQUENCE_BITS), _last + 1)
        return _last
