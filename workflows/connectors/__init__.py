"""Remote services: what other departments are asked, outside every transaction."""

from __future__ import annotations

from collections.abc import Mapping

from engine.runtime import Connector
from workflows.connectors.account import bank_account_test
from workflows.connectors.bank import bank_transfer
from workflows.connectors.check_source import check_remind, check_source
from workflows.connectors.http import Department
from workflows.connectors.parents import child_parent_facts
from workflows.connectors.payroll import PartOf, payroll_recall, payroll_results, payroll_send, payroll_statement
from workflows.connectors.sms import sms
from workflows.connectors.status import status_share
from workflows.connectors.subsidies import sub2_card, sub2_push, sub2_result
from workflows.connectors.subsidy_lists import sub2_list
from workflows.registers.duty import PhoneOf


def remote_services(departments: Department, phone_of: PhoneOf, part_of: PartOf) -> Mapping[str, Connector]:
    """Return every remote service by the type that diagrams name."""
    return {
        "bank_account_test": bank_account_test(departments),
        "bank_transfer": bank_transfer(departments),
        "check_remind": check_remind(departments),
        "check_source": check_source(departments),
        "child_parent_facts": child_parent_facts(departments),
        "payroll_send": payroll_send(departments, part_of),
        "payroll_results": payroll_results(departments),
        "payroll_recall": payroll_recall(departments),
        "payroll_statement": payroll_statement(departments),
        "sub2_card": sub2_card(departments),
        "sub2_list": sub2_list(departments),
        "sub2_push": sub2_push(departments),
        "sub2_result": sub2_result(departments),
        "sms": sms(departments, phone_of),
        "status_share": status_share(departments),
    }
