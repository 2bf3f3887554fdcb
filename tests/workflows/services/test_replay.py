"""P4: a write that is replayed one to three times leaves every register as one write does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workflows.registers.tables import metadata

APPLICANT = {"applicant_name": "王小明", "id_no": "410702198001011234", "phone": "13700000001", "place": "东街12号"}
NEED = {**APPLICANT, "cause": "disaster", "persons": Decimal(2), "requested": Decimal(1500), "track": "T2"}
PAY = {"amount": Decimal(1500), "fund": "township", "purpose": "relief-1", "way": "transfer"}
BACK = {"recover_amount": Decimal(1500), "outcome": "notified"}

HOME = {**APPLICANT, "area": "rural", "household_members": [{"member_name": "王小花", "relation": "子女"}]}
SIGNED = {"resident": "head", "purpose": "check", "scope": ["tax"], "way": "paper", "valid_to": date(2027, 9, 23)}
GRANTED = {"matter": "dibao", "outcome": "granted", "amount": Decimal(550)}
ENROLLED = {"benefit": "dibao", "resident": "head", "household": "household", "decision": "decision"}
CHANGED = {"roster": "roster", "reason": "income", "decision": "decision"}
SHOWN = {"kind": "dibao", "publish_name": "王小明", "publish_members": Decimal(2), "publish_amount": Decimal(550)}
BORN = {"change_kind": "member_add", "source": "village_assistant", "happened_on": date(2026, 9, 20)}
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)

# A whole case: (service, token, what it reads); a name of ANSWERED stands for what an earlier step answered.
STORY = (
    ("fund_allocate", 1, {"amount": Decimal(4000)}),
    ("relief_look_back", 2, APPLICANT | {"cause": "disaster"}),
    ("relief_register", 3, NEED),
    ("payment_book", 4, PAY),
    ("payment_reverse", 5, {"payment": "payment"}),
    ("payment_book", 6, PAY | {"purpose": "relief-2"}),
    ("payment_instruct", 7, {"payment": "payment"}),
    ("payment_confirm", 8, {"payment": "payment"}),
    ("paperwork_overdue", 9, {}),
    ("recovery_settle", 10, {"payment": "payment", **BACK}),
    ("recovery_refund", 11, {"payment": "payment", **BACK, "amount": Decimal(700)}),
    ("recovery_refund", 12, {"payment": "payment", **BACK, "amount": Decimal(700)}),
    ("paperwork_settled", 13, {}),
    ("relief_settle", 14, {"outcome": "false"}),
    ("fund_statement_file", 15, {"month": "2026-09", "signer_township": "王一", "signer_county": "李二"}),
    ("application_register", 16, {**APPLICANT, "channel": "wechat", "danger": False}),
    ("household_enter", 17, HOME),
    ("application_turn", 18, {"state": "accepted", "head": "head", "household": "household"}),
    ("application_programme", 19, {"programme": "dibao", "programme_state": "started"}),
    ("authorise", 20, SIGNED),
    ("publicity_post", 21, {**SHOWN, "posted_place": "村务公开栏", "publicity_ends": date(2026, 9, 30)}),
    ("publicity_turn", 22, {"standing": "completed"}),
    ("decision_record", 23, GRANTED),
    ("roster_enrol", 24, {**ENROLLED, "since": OCTOBER, "amount": Decimal(550), "class": "A"}),
    ("roster_account", 25, {"roster": "roster", "payee_name": "王小明", "bank_account": "622", "account_ok": True}),
    ("roster_change", 26, {**CHANGED, "effective": NOVEMBER, "amount": Decimal(330)}),
    ("roster_suspend", 27, {**CHANGED, "effective": NOVEMBER}),
    ("roster_resume", 28, {**CHANGED, "effective": NOVEMBER}),
    ("roster_reviewed", 29, {**CHANGED, "effective": NOVEMBER, "next_review": date(2027, 9, 1)}),
    ("roster_move", 30, {**CHANGED, "effective": NOVEMBER, "to_region": "410721101"}),
    ("change_enter", 31, {**BORN, "household": "household"}),
    ("household_join", 32, {**BORN, "household": "household", "head": "head", "member_name": "王小宝", "birth_date": OCTOBER}),
    ("household_leave", 33, {"household": "household", "head": "head", "resident": "head", "happened_on": DECEMBER}),
    ("change_settle", 34, {"verified": "true", "effect": "increase", "effective_from": OCTOBER}),
    ("death_note", 35, {"resident": "head", "died_on": DECEMBER}),
    ("roster_stop", 36, {**CHANGED, "effective": DECEMBER}),
    ("authorisation_withdraw", 37, {"resident": "head", "purpose": "check"}),
)
# What one step answers and later steps read.
ANSWERED = ("payment", "head", "household", "decision", "roster")
# Drawn anew by each booking and each sealing, so they differ between two runs of the same story.
CHANGING = frozenset(
    {"key", "payment", "applicant", "facts", "signer", "shown", "account"}
    | {"resident", "household", "head", "decision", "entry", "holder"}
)


def told(call, times) -> None:
    answers = dict.fromkeys(ANSWERED, "")
    for (service, token, reads), repeated in zip(STORY, times, strict=True):
        variables = {
            name: answers.get(value, value) if isinstance(value, str) else value for name, value in reads.items()
        }
        found = call(service, token=token, times=repeated, **variables)
        answers |= {name: value for name, value in found.items() if name in ANSWERED}


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
        "application",
        "application_programme",
        "authorisation",
        "change_report",
        "decision",
        "household",
        "household_member",
        "household_version",
        "publicity",
        "recovery_receipt",
        "resident",
        "resident_version",
        "roster",
        "roster_amount",
        "roster_event",
    }
