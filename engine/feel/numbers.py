"""The arithmetic of FEEL's numbers: decimals of 34 digits, as IEEE 754 defines them."""

from __future__ import annotations

import decimal

NUMBERS = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
