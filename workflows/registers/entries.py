"""What the registers say about one case, for scenarios that expect it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.store.transaction import Transaction
from workflows.registers.money import yuan
from workflows.registers.tables import (
    application,
    application_programme,
    authorisation,
    change_report,
    check_report,
    check_request,
    check_source_call,
    compare_finding,
    compare_run,
    credit_record,
    decision,
    dibao_case,
    edge_household,
    overdue_paperwork,
    payment,
    publicity,
    query_log,
    recovery,
    recovery_receipt,
    roster,
    roster_amount,
    roster_event,
    sketch_point,
    sweep_ledger,
    temp_case,
)


def read_register(transaction: Transaction, case: int) -> Mapping[str, Any]:
    """Return what each register says of the case as one mapping; amounts in yuan, what it never wrote left out."""
    found: dict[str, Any] = {"registered": False, "paperwork_overdue": False}
    row = transaction.execute(sa.select(temp_case).where(temp_case.c.case == case)).first()
    if row is not None:
        found |= {"registered": True, "cause": row.cause, "track": row.track, "outcome": row.outcome}
        found |= {"provisional_person": row.provisional_person, "persons": row.persons}
        found |= {"amount": None if row.amount is None else yuan(row.amount)}
    paid = transaction.execute(sa.select(payment).where(payment.c.case == case).order_by(payment.c.key)).all()
    found["payments"] = [one.status for one in paid]
    found["recovered"] = yuan(sum(one.recovered for one in paid))
    claim = transaction.execute(sa.select(recovery.c.standing).where(recovery.c.case == case)).first()
    found["claim"] = claim.standing if claim else None
    returned = sa.select(sa.func.sum(recovery_receipt.c.amount)).where(
        recovery_receipt.c.case == case, recovery_receipt.c.way != "fine"
    )
    found["returned"] = yuan(int(transaction.execute(returned).scalar() or 0))
    found["credit"] = (
        transaction.execute(sa.select(credit_record).where(credit_record.c.case == case)).first() is not None
    )
    blocked = sa.select(overdue_paperwork.c.case).where(
        overdue_paperwork.c.case == case, overdue_paperwork.c.settled_at.is_(None)
    )
    found["paperwork_overdue"] = transaction.execute(blocked).first() is not None
    found |= _intake(transaction, case)
    found |= _compared(transaction, case)
    return {**found, **_benefits(transaction, case), **_checked(transaction, case), **_swept(transaction, case)}


def _swept(transaction: Transaction, case: int) -> Mapping[str, Any]:
    """Return how the case's household stands in the ledger of the sweep."""
    row = transaction.execute(sa.select(sweep_ledger).where(sweep_ledger.c.case == case)).first()
    return {"sweep": row.state, "sweep_seen": row.seen, "sweep_outcomes": row.outcomes.split()} if row else {}


def _intake(transaction: Transaction, case: int) -> Mapping[str, Any]:
    asked = transaction.execute(sa.select(application).where(application.c.case == case)).first()
    programmes = application_programme.c
    sorted_ = sa.select(programmes.programme, programmes.state).where(programmes.case == case)
    signed = sa.select(sa.func.count()).where(authorisation.c.case == case, authorisation.c.withdrawn_at.is_(None))
    posted = sa.select(publicity.c.standing).where(publicity.c.case == case).order_by(publicity.c.key)
    edge = sa.select(edge_household.c.standing).where(edge_household.c.case == case)
    reported = transaction.execute(sa.select(change_report).where(change_report.c.case == case)).first()
    return {
        "application": asked.state if asked else None,
        "danger": asked.danger if asked else None,
        "programmes": {row.programme: row.state for row in transaction.execute(sorted_)},
        "authorisations": transaction.execute(signed).scalar(),
        "publicity": list(transaction.execute(posted).scalars()),
        "change": reported.effect if reported else None,
        "edge": transaction.execute(edge).scalar(),
    }


def _benefits(transaction: Transaction, case: int) -> Mapping[str, Any]:
    """Return decisions and events of the case, and what each entry it touched is paid from which day on."""
    decided = sa.select(decision.c.outcome, decision.c.level).where(decision.c.case == case).order_by(decision.c.key)
    happened = (
        sa.select(
            roster_event.c.kind,
            roster.c.benefit,
            roster.c.state,
            roster.c["class"],
            roster.c.until,
            roster_event.c.entry,
        )
        .join(roster, roster.c.key == roster_event.c.entry)
        .where(roster_event.c.case == case)
        .order_by(roster_event.c.key)
    )
    rows = transaction.execute(happened).all()
    a = roster_amount.c
    amounts = (
        sa.select(a.valid_from, a.amount, a.tier)
        .where(a.entry.in_({row.entry for row in rows}), a.recorded_to.is_(None))
        .order_by(a.entry, a.valid_from)
    )
    paid = transaction.execute(amounts).all() if rows else []
    ends = {row.benefit: row.until.isoformat() for row in rows if row.until is not None}
    return {
        "decisions": [f"{row.outcome}/{row.level}" for row in transaction.execute(decided)],
        "events": [row.kind for row in rows],
        "roster": {row.benefit: row.state for row in rows},
        "classes": {row.benefit: row._mapping["class"] for row in rows if row._mapping["class"]},
        "amounts": {row.valid_from.isoformat(): yuan(row.amount) for row in paid},
        "tiers": {row.valid_from.isoformat(): row.tier for row in paid if row.tier},
        **_deadline(transaction, case),
        **({"ends": ends} if ends else {}),
    }


def _deadline(transaction: Transaction, case: int) -> Mapping[str, Any]:
    """Return by when the case has to be decided, and how it stands with the green channel."""
    row = transaction.execute(sa.select(dibao_case).where(dibao_case.c.case == case)).first()
    if row is None:
        return {}
    return {"deadline": f"{row.deadline.isoformat()}/{row.ground}", "green": row.green}


def _compared(transaction: Transaction, case: int) -> Mapping[str, Any]:
    """Return what a comparison found, and what came of it."""
    run = transaction.execute(sa.select(compare_run.c.key).where(compare_run.c.case == case)).scalar()
    if run is None:
        return {}
    f = compare_finding.c
    rows = transaction.execute(sa.select(f.queue, f.state, f.outcome).where(f.run == run)).all()
    return {"mismatches": sorted(f"{row.queue}/{row.outcome or row.state}" for row in rows)}


def _checked(transaction: Transaction, case: int) -> Mapping[str, Any]:
    """Return the case's economic check: how it stands, its reports, who was asked, what is missing."""
    request = transaction.execute(
        sa.select(check_request.c.key, check_request.c.status).where(check_request.c.case == case)
    ).first()
    if request is None:
        return {}
    reports = transaction.execute(
        sa.select(check_report.c.result).where(check_report.c.request == request.key).order_by(check_report.c.version)
    )
    calls = transaction.execute(sa.select(check_source_call).where(check_source_call.c.request == request.key)).all()
    points = transaction.execute(sa.select(sketch_point).where(sketch_point.c.request == request.key)).all()
    asked = sa.select(sa.func.count()).where(query_log.c.request == request.key)
    return {
        "check_status": request.status,
        "check_reports": list(reports.scalars()),
        "check_queries": transaction.execute(asked).scalar(),
        "check_missing": sorted(call.name for call in calls if call.status == "missing"),
        "check_raw": sum(call.raw is not None for call in calls),
        "check_cleared": sum(point.verified is False for point in points),
        "check_conflicts": sum(point.severity == "conflict" for point in points),
    }
