"""The comparison as diagrams call it: cases begun batch by batch, none twice and none forgotten when one is cut short."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.model import LocalCall
from workflows.registers.comparison import findings, runs
from workflows.registers.comparison.lists import Card, Lists
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import compare_finding, compare_person, compare_verdict
from workflows.services.comparison import _AT_ONCE, ComparisonDesk

COUNTY = "410721"
FACTS = {"id": "7", "number": "BD7", "region": COUNTY, "policy": {"sub2": {"backpay_max_months": Decimal(3)}}}


@pytest.fixture
def run(database, keyring):
    """Return a comparison that found one more than fits into a commit."""
    with database.write() as transaction:
        key = runs.open_run(transaction, CaseRef(7, "BD7", COUNTY), date(2026, 11, 1))
        Lists(keyring).keep_cards(transaction, key, [card(number) for number in range(_AT_ONCE + 1)])
        transaction.execute(compare_person.update().values(facts="alike"))
        findings.find(transaction, key, [findings.Verdict("alike", "none", "grade", True)], 6)
    return key


def card(number):
    return Card(f"41072119500101{number:03d}X", f"王{number}", "", "1" * 20, "410721101", "limb", 3, None, None, False)


def test_a_batch_that_is_cut_short_is_begun_again_whole_and_every_mismatch_gets_one_case(database, keyring, run):
    desk = ComparisonDesk(keyring)
    call = LocalCall(5, "begin", "subsidy_review", "sub2_cases", {}, {"run": str(run)}, FACTS)

    def cut_short():
        with database.write() as transaction:
            desk.begin_cases(call, transaction)
            raise RuntimeError("power failed before the commit")

    with pytest.raises(RuntimeError, match="power"):
        cut_short()

    begun = []
    for more in (True, True, False):
        with database.write() as transaction:
            assert desk.begin_cases(call, transaction) == {"more": more}
            begun.append([values["finding"] for _, _, values in transaction.requested_cases])

    assert [len(batch) for batch in begun] == [_AT_ONCE, 1, 0]
    assert len({finding for batch in begun for finding in batch}) == _AT_ONCE + 1
    with database.read() as transaction:
        states = transaction.execute(sa.select(compare_finding.c.state).distinct()).scalars().all()
        assert states == ["open"]


def test_a_closed_comparison_keeps_its_mismatches_and_forgets_what_it_was_told_of_people(database, run):
    with database.write() as transaction:
        assert runs.close_run(transaction, run) == {"missed": _AT_ONCE + 1, "people": _AT_ONCE + 1}
        runs.open_run(transaction, CaseRef(8, "BD8", COUNTY), date(2026, 12, 1))
    with database.read() as transaction:
        left = [
            transaction.execute(sa.select(sa.func.count()).select_from(table)).scalar()
            for table in (compare_person, compare_verdict, compare_finding)
        ]
    assert left == [0, 0, _AT_ONCE + 1]
