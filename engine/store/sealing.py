"""Personal data at rest: AES-256-GCM bound to its place, and keyed blind indexes for search."""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FORMAT = b"\x01"
_NONCE = 12


class Keyring:
    """The keys derived from one 32-byte master key."""

    def __init__(self, master: bytes) -> None:
        if len(master) != 32:
            raise ValueError(f"Expected a master key of 32 bytes, but got {len(master)}.")
        self._seal = AESGCM(_derived(master, b"seal"))
        self._blind = _derived(master, b"blind")
        self.signing = _derived(master, b"sign")
        self.fingerprint = _derived(master, b"name")[:16]

    def seal(self, data: bytes, place: bytes) -> bytes:
        """Return the data encrypted; it opens only at the same ``place`` (row identity, format version)."""
        nonce = os.urandom(_NONCE)
        return _FORMAT + nonce + self._seal.encrypt(nonce, data, _FORMAT + place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Return what was sealed. Raises cryptography's InvalidTag when moved or changed, ValueError on a format."""
        if sealed[:1] != _FORMAT:
            raise ValueError(f"Expected sealed data of format {_FORMAT!r}, but it begins with {sealed[:1]!r}.")
        return self._seal.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], _FORMAT + place)

    def blind(self, kind: str, text: str) -> bytes:
        """Return 16 bytes equal for equal texts of one kind, from which the text cannot be told without the key."""
        folded = "".join(text.split()).upper()
        return hmac.new(self._blind, f"{kind}:{folded}".encode(), hashlib.sha256).digest()[:16]


def _derived(master: bytes, purpose: bytes) -> bytes:
    return hmac.new(master, b"doudi:" + purpose, hashlib.sha256).digest()
