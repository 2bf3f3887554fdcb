"""Reports on a household that still hold, so that the same is not asked again (Social Assistance Law, article 42)."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.store.scope import open_to_all
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.values import unpack
from workflows.registers.checks import ANSWERED, report_place
from workflows.registers.tables import check_person, check_report, check_request, check_source_call

_MATCHING = "符合"
# What a later case takes over, by the name it has in the diagram; reports issued without one of them are not taken over.
_KEPT = ("dibao_assets", "edge_assets", "income", "points")


class ValidReports:
    """The reports as seen with the keys that open them."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def still_valid(
        self, transaction: Transaction, request: int, sources: Set[str], on: date
    ) -> Mapping[str, Any] | None:
        """Return what the newest usable report says, as variables, None where somebody must be asked.

        It is about exactly the people of the request and the same standard, found no mismatch, holds on the day, lacks
        no source, and every one of ``sources`` answered it. A case that asks a second time wants to know it anew, so
        its own report does not count; neither does one whose data was taken back, or of a case that others do not know.
        """
        mine = transaction.execute(sa.select(_q.origin, _q.residence).where(_q.key == request)).one()
        people = self._people(transaction, request)
        candidates = _CANDIDATES.where(
            _p.resident.in_(people), _q.origin != mine.origin, _q.residence == mine.residence, _r.valid_until >= on
        )
        for row in transaction.execute(candidates).all():
            answered = transaction.execute(_ANSWERED_BY, {"of_request": row.request}).scalars()
            if self._people(transaction, row.request) == people and sources <= set(answered):
                return self._said(row)
        return None

    def _people(self, transaction: Transaction, request: int) -> frozenset[int]:
        return frozenset(transaction.execute(_PEOPLE, {"of_request": request}).scalars())

    def _said(self, row: sa.Row[Any]) -> Mapping[str, Any] | None:
        body = unpack(self._keyring.open(row.body, report_place(row.request, row.version)))
        if any(body.get(name) in (None, "") for name in _KEPT):
            return None
        return {
            "check_result": row.result,
            "report_no": row.number,
            "report_version": row.version,
            "report_valid_until": row.valid_until,
            "assets_result": row.assets,
            "per_head_income": body["income"]["per_head"],
            "dibao_assets": body["dibao_assets"],
            "edge_assets": body["edge_assets"],
            "points": body["points"],
        }


_q, _p, _r, _call = check_request.c, check_person.c, check_report.c, check_source_call.c
_later = check_report.alias("later")
_CANDIDATES = (
    sa.select(check_report)
    .distinct()
    .join(check_request, _q.key == _r.request)
    .join(check_person, _p.request == _r.request)
    .where(
        _q.status == "reported", _r.result == _MATCHING, _r.missing == "", open_to_all(_q),
        ~sa.exists(sa.select(_later.c.version).where(_later.c.request == _r.request, _later.c.version > _r.version)),
    )
    .order_by(_r.issued_at.desc())
)  # fmt: skip
_PEOPLE = sa.select(_p.resident).where(_p.request == sa.bindparam("of_request"))
_ANSWERED_BY = sa.select(_call.source).where(_call.request == sa.bindparam("of_request"), _call.status == ANSWERED)
