"""Personal data at rest: AES-256-GCM bound to its place, and keyed blind indexes for search."""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_FORMAT = b"\x01"
_NONCE = 12
_BLIND_BYTES = 16


class Keyring:
    """The keys derived from one 32-byte master key.

    After a change of key the 32 bytes are followed by the keys that blind indexes were made with before: a blind index
    is then blinded once more for each change, because what it was made from is not kept.
    """

    def __init__(self, master: bytes) -> None:
        if len(master) < KEY_BYTES or len(master) % KEY_BYTES:
            raise ValueError(f"Expected a master key of {KEY_BYTES} bytes, but got {len(master)}.")
        own, before = master[:KEY_BYTES], master[KEY_BYTES:]
        self._seal = AESGCM(_derived(own, b"seal"))
        earlier = tuple(before[at : at + KEY_BYTES] for at in range(0, len(before), KEY_BYTES))
        self._blinds = (*earlier, _derived(own, b"blind"))
        self._vouch = _derived(own, b"vouch")
        self.signing = _derived(own, b"sign")
        self.fingerprint = _derived(own, b"name")[:16]

    def seal(self, data: bytes, place: bytes) -> bytes:
        """Return the data encrypted; it opens only at the same ``place`` (row identity, format version)."""
        nonce = os.urandom(_NONCE)
        return _FORMAT + nonce + self._seal.encrypt(nonce, data, _FORMAT + place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Return what was sealed. Raises cryptography's InvalidTag when moved or changed, ValueError on a format."""
        if sealed[:1] != _FORMAT:
            raise ValueError(f"Expected sealed data of format {_FORMAT!r}, but it begins with {sealed[:1]!r}.")
        return self._seal.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], _FORMAT + place)

    def opens(self, sealed: bytes, place: bytes) -> bool:
        """Return whether this key sealed the data at this place."""
        try:
            self.open(sealed, place)
        except InvalidTag:
            return False
        return True

    def blind(self, kind: str, text: str) -> bytes:
        """Return 16 bytes equal for equal texts of one kind, from which the text cannot be told without the key."""
        folded = "".join(text.split()).upper()
        first, *later = self._blinds
        value = _blinded(first, f"{kind}:{folded}".encode())
        for key in later:
            value = _blinded(key, value)
        return value

    def blind_again(self, value: bytes) -> bytes:
        """Return a blind index of the key before as this key makes it."""
        return _blinded(self._blinds[-1], value)

    def successor(self, master: bytes) -> bytes:
        """Return the content of the key file in which these 32 bytes take this key's place."""
        return master[:KEY_BYTES] + b"".join(self._blinds)

    def follows(self, before: Keyring) -> bool:
        """Return whether this key was made to take the other's place."""
        return self._blinds[:-1] == before._blinds

    def vouch(self, data: bytes) -> bytes:
        """Return 32 bytes by which whoever has the key sees that the data was made with it and not changed since."""
        return hmac.new(self._vouch, data, hashlib.sha256).digest()


def _blinded(key: bytes, value: bytes) -> bytes:
    return hmac.new(key, value, hashlib.sha256).digest()[:_BLIND_BYTES]


def _derived(master: bytes, purpose: bytes) -> bytes:
    return hmac.new(master, b"doudi:" + purpose, hashlib.sha256).digest()
