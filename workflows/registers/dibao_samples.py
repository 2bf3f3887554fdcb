"""The county's sample of what its townships decided on the living allowance: drawn, judged right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.store.scope import within
from engine.store.transaction import Transaction
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import decision, dibao_case, dibao_sample, roster
from workflows.registers.upsert import ignoring


@dataclass(frozen=True, slots=True)
class Decided:
    """A township's decision: outcome granted or refused, amount in fen, whom it names, on what application."""

    decision: int
    region: str
    number: str
    outcome: str
    amount: int | None
    decided_at: datetime
    holder: int | None
    household: int | None
    variant: str | None


def decided(transaction: Transaction, county: str, since: datetime, before: datetime) -> Sequence[int]:
    """Return the keys of what the county's townships granted or refused in the time, in no telling order."""
    statement = sa.select(_d.key).where(
        _d.matter == "dibao", within(_d.region, county), _d.level == "township",
        _d.outcome.in_(("granted", "refused")), _d.decided_at >= since, _d.decided_at < before,
    )  # fmt: skip
    return [int(key) for key in transaction.execute(statement).scalars()]


def draw(transaction: Transaction, case: CaseRef, chosen: Sequence[int]) -> None:
    """Write that the case's sample holds these decisions; one that was drawn before stays as it is."""
    row = {"case": case.key, "region": case.region, "standing": "drawn", "judged_by": None, "judged_at": None}
    if chosen:
        _DRAW.run(transaction, [row | {"decision": key} for key in chosen])


def drawn(transaction: Transaction, case: CaseRef) -> Sequence[Decided]:
    """Return the decisions of the case's sample, by place."""
    return transaction.every(Decided, _DECIDED.where(_s.case == case.key).order_by(_d.region, _d.key))


def judge(transaction: Transaction, decision_: int, right: bool, by: str) -> bool:
    """Return whether the decision was still to be judged; it is found right or wrong from now on."""
    judged = dibao_sample.update().where(_s.decision == decision_, _s.standing == "drawn")
    values = {"standing": "right" if right else "wrong", "judged_by": by, "judged_at": transaction.now}
    return bool(transaction.execute(judged.values(values)).rowcount)


_d, _s, _c = decision.c, dibao_sample.c, dibao_case.c
_DRAW = ignoring(dibao_sample)
_DECIDED = (
    sa.select(
        _d.key.label("decision"), _d.region, _d.number, _d.outcome, _d.amount, _d.decided_at,
        sa.func.coalesce(_c.holder, roster.c.holder).label("holder"),
        sa.func.coalesce(_c.household, roster.c.household).label("household"), _c.variant,
    )
    .join(dibao_sample, _s.decision == _d.key)
    .join(dibao_case, sa.and_(_c.region == _d.region, _c.case == _d.case), isouter=True)
    .join(roster, roster.c.decision == _d.key, isouter=True)
)  # fmt: skip
