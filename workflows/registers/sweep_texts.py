"""What is written freely in the sweep's ledger, which may tell of people: sealed, each text bound to its row."""

from __future__ import annotations

from engine.store.sealing import Keyring


class SweepTexts:
    """The texts of the ledger as seen with the keys that seal them; an empty one is not kept."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def seal_why(self, ledger: int, text: str) -> bytes | None:
        """Return why nobody was met, sealed."""
        return self._keyring.seal(text.encode(), _why(ledger)) if text else None

    def why(self, ledger: int, sealed: bytes | None) -> str:
        """Return why nobody was met."""
        return "" if sealed is None else self._keyring.open(sealed, _why(ledger)).decode()

    def seal_excuse(self, ledger: int, text: str) -> bytes:
        """Return why the household may stay an exception, sealed."""
        return self._keyring.seal(text.encode(), _excused(ledger))

    def excuse(self, ledger: int, sealed: bytes | None) -> str:
        """Return why the household may stay an exception, empty where nobody has said so."""
        return "" if sealed is None else self._keyring.open(sealed, _excused(ledger)).decode()


def _why(ledger: int) -> bytes:
    return f"sweep_ledger/why/{ledger}".encode()


def _excused(ledger: int) -> bytes:
    return f"sweep_ledger/excused/{ledger}".encode()
