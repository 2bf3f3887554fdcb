"""What a citizen answered so far, sealed into the page itself: nothing is stored before the application is sent."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from cryptography.exceptions import InvalidTag

from engine.errors import Invalid, Text
from engine.store.sealing import Keyring

_PLACE = b"application:1"
MOST_CHARACTERS = 400_000


@dataclass(frozen=True, slots=True)
class State:
    """The answers of one application; ``token`` names its uploads and makes sending it twice harmless."""

    process: str
    county: str = ""
    region: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))

    @property
    def owner(self) -> str:
        """Return the owner under which the files of this application are kept."""
        return f"start:{self.token}"

    def answered(self, values: Mapping[str, Any]) -> State:
        """Return the state with the answers of one more page."""
        return replace(self, values=_merged(self.values, values))


def seal(keyring: Keyring, state: State) -> str:
    """Return the state as text that only this installation can read."""
    plain = json.dumps(asdict(state), ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(keyring.seal(zlib.compress(plain), _PLACE)).decode()


def unseal(keyring: Keyring, text: str) -> State:
    """Return the state of a page. Raises Invalid when it was not made here or was changed."""
    if len(text) > MOST_CHARACTERS:
        raise _unreadable()
    try:
        plain = json.loads(zlib.decompress(keyring.open(base64.urlsafe_b64decode(text.encode()), _PLACE)))
    except (InvalidTag, ValueError, binascii.Error, zlib.error):
        raise _unreadable() from None
    return State(**plain)


def _unreadable() -> Invalid:
    return Invalid(
        Text(
            "这个页面已经失效，请从首页重新开始申请。",
            "Expected the page of an application begun here, but it cannot be read; begin again from the first page.",
        )
    )


def _merged(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(before)
    for name, value in now.items():
        old = merged.get(name)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        merged[name] = _merged(old, value) if both and old is not None else value
    return merged
