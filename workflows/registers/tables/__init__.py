"""The registers' tables. Money is whole fen; persons are blind indexes, names are sealed."""

from workflows.registers.tables.benefits import LIVE_STATES, decision, roster, roster_amount, roster_event
from workflows.registers.tables.checks import (
    check_person,
    check_report,
    check_request,
    check_source_call,
    query_log,
    sketch_point,
)
from workflows.registers.tables.children import care_agreement, child_case, parent_status
from workflows.registers.tables.dibao import dibao_case
from workflows.registers.tables.edge import edge_household
from workflows.registers.tables.intake import (
    application,
    application_programme,
    authorisation,
    change_report,
    publicity,
)
from workflows.registers.tables.money_and_relief import (
    CLEARING,
    FUND,
    delegation,
    duty_roster,
    fund,
    fund_statement,
    ledger_account,
    ledger_transfer,
    monitored_person,
    overdue_paperwork,
    payment,
    recovery,
    temp_case,
)
from workflows.registers.tables.payroll import (
    payroll,
    payroll_batch,
    payroll_file_part,
    payroll_line,
    payroll_township,
)
from workflows.registers.tables.people import (
    household,
    household_member,
    household_version,
    resident,
    resident_version,
)
from workflows.registers.tables.shape import metadata
from workflows.registers.tables.sweeps import sweep_area, sweep_ledger, sweep_person, sweep_round

__all__ = [
    "CLEARING",
    "FUND",
    "LIVE_STATES",
    "application",
    "application_programme",
    "authorisation",
    "care_agreement",
    "change_report",
    "check_person",
    "check_report",
    "check_request",
    "check_source_call",
    "child_case",
    "decision",
    "delegation",
    "dibao_case",
    "duty_roster",
    "edge_household",
    "fund",
    "fund_statement",
    "household",
    "household_member",
    "household_version",
    "ledger_account",
    "ledger_transfer",
    "metadata",
    "monitored_person",
    "overdue_paperwork",
    "parent_status",
    "payment",
    "payroll",
    "payroll_batch",
    "payroll_file_part",
    "payroll_line",
    "payroll_township",
    "publicity",
    "query_log",
    "recovery",
    "resident",
    "resident_version",
    "roster",
    "roster_amount",
    "roster_event",
    "sketch_point",
    "sweep_area",
    "sweep_ledger",
    "sweep_person",
    "sweep_round",
    "temp_case",
]
