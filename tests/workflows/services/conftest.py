"""Calls of local services as the engine makes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.clock import SHANGHAI
from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Database
from workflows.services import local_services

POLICY = {
    "intake": {"duplicate_days": Decimal(30)},
    "authorisation": {"adult_age": Decimal(18)},
    "check": {"report_valid_days": Decimal(90)},
    "delegation": {"dibao": True, "edge": False, "temp": True},
    "dibao": {"std": {"city": Decimal(667)}, "subsidy_avg": {"city": Decimal(315), "rural": Decimal(220)}},
    "supervise": {"sample_rate": {"dibao": Decimal("0.6")}},
    "temp": {
        "duplicate_hours": Decimal(72),
        "same_cause_months": Decimal(12),
        "delegated_limit_multiple": Decimal(3),
        "reserve": {"refill_ratio": Decimal("0.3")},
    },
}
Call = Callable[..., dict[str, Any]]


@pytest.fixture
def calling(keyring: Keyring) -> Callable[[Database], Call]:
    """Return what makes a caller of services on a database."""
    services = local_services(keyring)

    def on(database: Database) -> Call:
        def serve(service: str, case: int = 7, region: str = "410702100", token: int = 5, times: int = 2, **variables):
            facts = {
                "id": str(case),
                "number": f"LS{case}",
                "region": region,
                "policy_date": datetime(2026, 9, 23, tzinfo=SHANGHAI).date(),
                "policy": POLICY,
                "actor": "陈一",
            }
            asked = LocalCall(token, "element", "relief", service, {}, variables, facts)
            answers = []
            for _ in range(times):
                with database.write() as transaction:
                    answers.append(dict(services[service](asked, transaction)))
                    serve.requested += transaction.requested_cases
            assert all(answer == answers[0] for answer in answers[1:])
            return answers[0]

        serve.requested = []
        return serve

    return on


@pytest.fixture
def call(calling: Callable[[Database], Call], database: Database) -> Call:
    """Return what calls a service in a transaction of its own, twice unless told: with one answer and one effect."""
    return calling(database)
