"""The file the agent bank is sent: a head, a line for each payment, a foot with count and total, in parts.

Fields are divided by ``|``; amounts are fen, so that no decimal point can be read in two ways:
``H|batch|county|month``, ``D|number|line|account|payee|amount|purpose``, ``T|lines|total``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

LINES_A_PART = 250
_BAR, _SPACE = "|", " "


@dataclass(frozen=True, slots=True)
class Order:
    """One payment of the file, in fen; ``line`` names it for us, its number in the file for the bank."""

    line: str
    account: str
    payee: str
    amount: int
    purpose: str


@dataclass
class BankFile:
    """A file while it is written: its parts come one by one, count, total and digest are known at the end."""

    batch: int
    county: str
    month: date
    lines: int = 0
    total: int = 0
    _digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def parts(self, orders: Iterable[Order]) -> Iterator[str]:
        """Yield the file's text in parts of so many lines that none grows too large for one request."""
        rows = [f"H|{self.batch}|{self.county}|{self.month:%Y-%m}"]
        for order in orders:
            self.lines += 1
            self.total += order.amount
            rows.append(_detail(self.lines, order))
            if len(rows) >= LINES_A_PART:
                yield self._part(rows)
                rows = []
        yield self._part([*rows, f"T|{self.lines}|{self.total}"])

    @property
    def digest(self) -> str:
        """Return the SHA-256 of everything that was written, as hexadecimal digits."""
        return self._digest.hexdigest()

    def _part(self, rows: Iterable[str]) -> str:
        text = "".join(f"{row}\n" for row in rows)
        self._digest.update(text.encode())
        return text


def read_total(parts: Iterable[str]) -> tuple[int, int]:
    """Return how many payments the parts of a file hold, and their sum in fen."""
    amounts = [int(row.split(_BAR)[5]) for part in parts for row in part.splitlines() if row.startswith("D|")]
    return len(amounts), sum(amounts)


def line_of_number(parts: Iterable[str]) -> Mapping[int, str]:
    """Return how the lines of a file are named, by the number that stands before each."""
    rows = (row.split(_BAR) for part in parts for row in part.splitlines() if row.startswith("D|"))
    return {int(row[1]): row[2] for row in rows}


def _detail(number: int, order: Order) -> str:
    return _BAR.join(
        ("D", str(number), order.line, order.account, _plain(order.payee), str(order.amount), _plain(order.purpose))
    )


def _plain(text: str) -> str:
    """A name cannot end a field or a line, whatever was typed."""
    return "".join(_SPACE if sign == _BAR or not sign.isprintable() else sign for sign in text)
