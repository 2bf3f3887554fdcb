"""Publicity and change reports as diagrams call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers import changes, publicities
from workflows.registers.changes import Report
from workflows.registers.publicities import Posting, Publicities, Shown, Standing
from workflows.services.reading import case_of, day, day_or_none, key_or_none, number_given, text


class PostingDesk:
    """The handlers that need the keys of the publicity log."""

    def __init__(self, keyring: Keyring) -> None:
        self._log = Publicities(keyring)

    def post(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Write what was posted: before the confirmation until a day, after it without end."""
        shown = Shown(
            text(call, "publish_name"), int(number_given(call, "publish_members")), number_given(call, "publish_amount")
        )
        posting = Posting(
            kind=text(call, "kind"),
            stage="after" if text(call, "stage") == "after" else "before",
            place=text(call, "posted_place"),
            posted_on=day(call, "posted_on", transaction.now.date()),
            ends_on=day_or_none(call, "publicity_ends"),
            shown=shown,
        )
        self._log.post(transaction, case_of(call), text(call, "purpose") or "publicity", posting)
        return {"posted": True}


def publicity_turn(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Write how the case's posting stands from now on."""
    purpose, standing = text(call, "purpose") or "publicity", cast(Standing, text(call, "standing"))
    publicities.turn(transaction, case_of(call), purpose, standing, day_or_none(call, "publicity_ends"))
    return {"standing": standing}


def change_enter(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Write a reported change into the register."""
    what = Report(
        kind=text(call, "change_kind"),
        source=text(call, "source"),
        happened_on=day(call, "happened_on"),
        household=key_or_none(call, "household"),
        resident=key_or_none(call, "resident"),
    )
    changes.report(transaction, case_of(call), what)
    return {"reported": True}


def change_settle(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Write what was found true of the reported change and what came of it."""
    changes.settle(
        transaction, case_of(call), text(call, "verified"), text(call, "effect"), day_or_none(call, "effective_from")
    )
    return {"settled": True}
