"""P4: a write that is replayed one to three times leaves every register as one write does."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workflows.registers.tables import metadata

APPLICANT = {"applicant_name": "王小明", "id_no": "410702198001011234", "phone": "13700000001", "place": "东街12号"}
NEED = {**APPLICANT, "cause": "disaster", "persons": Decimal(2), "requested": Decimal(1500), "track": "T2"}
PAY = {"amount": Decimal(1500), "fund": "township", "purpose": "relief-1", "way": "transfer"}
BACK = {"recover_amount": Decimal(1500), "outcome": "notified"}

# A whole case: (service, token, what it reads); PAYMENT stands for the number the last booking gave.
PAYMENT = object()
STORY = (
    ("fund_allocate", 1, {"amount": Decimal(4000)}),
    ("relief_look_back", 2, APPLICANT | {"cause": "disaster"}),
    ("relief_register", 3, NEED),
    ("payment_book", 4, PAY),
    ("payment_reverse", 5, {"payment": PAYMENT}),
    ("payment_book", 6, PAY | {"purpose": "relief-2"}),
    ("payment_instruct", 7, {"payment": PAYMENT}),
    ("payment_confirm", 8, {"payment": PAYMENT}),
    ("paperwork_overdue", 9, {}),
    ("recovery_settle", 10, {"payment": PAYMENT, **BACK}),
    ("payment_recover", 11, {"payment": PAYMENT, "amount": Decimal(700)}),
    ("payment_recover", 12, {"payment": PAYMENT, "amount": Decimal(700)}),
    ("paperwork_settled", 13, {}),
    ("relief_settle", 14, {"outcome": "false"}),
    ("fund_statement_file", 15, {"month": "2026-09", "signer_township": "王一", "signer_county": "李二"}),
)
# Drawn anew by each booking and each sealing, so they differ between two runs of the same story.
CHANGING = frozenset({"key", "payment", "applicant"})


def told(call, times) -> None:
    payment = ""
    for (service, token, reads), repeated in zip(STORY, times, strict=True):
        variables = {name: payment if value is PAYMENT else value for name, value in reads.items()}
        payment = call(service, token=token, times=repeated, **variables).get("payment", payment)


def written(database) -> dict[str, list[dict[str, object]]]:
    with database.read() as transaction:
        return {
            table.name: [
                {name: value for name, value in row._mapping.items() if name not in CHANGING}
                for row in transaction.execute(table.select().order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
        }


@pytest.fixture
def once(calling, make_database):
    database = make_database()
    told(calling(database), [1] * len(STORY))
    return written(database)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(times=st.lists(st.integers(1, 3), min_size=len(STORY), max_size=len(STORY)))
def test_a_replayed_story_leaves_the_registers_as_if_told_once(calling, make_database, once, times):
    database = make_database()
    told(calling(database), times)

    assert written(database) == once


def test_the_story_writes_every_kind_of_row_that_services_write(once):
    assert {name for name, rows in once.items() if rows} == {
        "fund",
        "fund_statement",
        "ledger_account",
        "ledger_transfer",
        "overdue_paperwork",
        "payment",
        "recovery",
        "temp_case",
    }
