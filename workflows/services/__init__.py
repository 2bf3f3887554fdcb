"""The local services: handlers that run inside the transaction of the step that reaches them."""

from __future__ import annotations

from collections.abc import Mapping

from engine.runtime import LocalHandler
from engine.store.sealing import Keyring
from workflows.services import delegation, fund, paperwork, payment, recovery, relief


def local_services(keyring: Keyring) -> Mapping[str, LocalHandler]:
    """Return every local service by the type that diagrams name."""
    desk = relief.ReliefDesk(keyring)
    return {
        "relief_look_back": desk.look_back,
        "relief_register": desk.register,
        "relief_settle": relief.settle,
        "act_first_right": paperwork.act_first_right,
        "paperwork_overdue": paperwork.paperwork_overdue,
        "paperwork_settled": paperwork.paperwork_settled,
        "delegated_limit": delegation.delegated_limit,
        "payment_book": payment.payment_book,
        "payment_instruct": payment.payment_instruct,
        "payment_confirm": payment.payment_confirm,
        "payment_reverse": payment.payment_reverse,
        "payment_recover": payment.payment_recover,
        "fund_statement": fund.fund_statement,
        "fund_statement_file": fund.fund_statement_file,
        "fund_allocate": fund.fund_allocate,
        "recovery_settle": recovery.recovery_settle,
    }
