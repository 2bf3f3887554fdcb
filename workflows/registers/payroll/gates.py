"""The gates a line passes before it is paid; a line that fails one waits for a person."""

from __future__ import annotations

from enum import IntFlag

from engine.errors import Text


class Gate(IntFlag):
    """What keeps a line from being paid; several add up."""

    DEAD = 1
    DOUBLE = 2
    ACCOUNT = 4
    AMOUNT = 8
    UNCONFIRMED = 16
    SUSPENDED = 32


NAMES = {
    Gate.DEAD: Text("已死亡", "Dead"),
    Gate.DOUBLE: Text("重复享受", "Drawn twice"),
    Gate.ACCOUNT: Text("账户未核验", "Account not checked"),
    Gate.AMOUNT: Text("金额与决定不符", "Other than the decision"),
    Gate.UNCONFIRMED: Text("没有确认决定", "No decision"),
    Gate.SUSPENDED: Text("已暂停发放", "Suspended"),
}

# Paid in spite of them when a person finds the line right; the others must be put right first.
A_PERSON_MAY_PASS = Gate.DOUBLE | Gate.AMOUNT
# A suspension was decided by somebody already, and an account is put right by whoever visits the person: of such lines
# nobody is asked whether to pay them.
NOBODY_IS_ASKED = (Gate.SUSPENDED, Gate.ACCOUNT, Gate.SUSPENDED | Gate.ACCOUNT)


def told(gates: int, language: str = "zh") -> str:
    """Return the gates that failed, as people say them."""
    return ("、" if language == "zh" else ", ").join(NAMES[gate].in_language(language) for gate in Gate(gates))
