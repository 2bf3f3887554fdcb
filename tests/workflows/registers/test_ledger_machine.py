"""P6: whatever is booked, confirmed, reversed, recovered and replayed, the ledger equals a plain oracle."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from engine.errors import Invalid, ModelError
from workflows.registers import funds, ledger, payments
from workflows.registers.ledger import CaseRef

TOWNSHIPS = ("410702100", "410721101")
FUNDS = (*TOWNSHIPS, "410702")
AMOUNTS = st.integers(min_value=1, max_value=60_000)
TIMES = st.integers(min_value=1, max_value=3)
RATIO = Decimal("0.3")


@dataclass
class Known:
    """What the oracle knows of one payment."""

    fund: str
    amount: int
    status: str = "booked"
    recovered: int = 0


class LedgerMachine(RuleBasedStateMachine):
    database = None

    @initialize()
    def begin(self) -> None:
        self.held = dict.fromkeys(FUNDS, 0)
        self.clearing = dict.fromkeys(FUNDS, 0)
        self.paid = dict.fromkeys(FUNDS, 0)
        self.payments: dict[int, Known] = {}
        self.count = 0
        with self.database.write() as transaction:
            for table in ("payment", "ledger_account", "fund"):
                transaction.connection.exec_driver_sql(f"DELETE FROM {table}")
            self.base = 1 + max(
                transaction.connection.exec_driver_sql('SELECT MAX("case") FROM ledger_transfer').scalar() or 0, 0
            )
            self.before = dict(ledger.recomputed(transaction))

    def case(self, region: str) -> CaseRef:
        self.count += 1
        return CaseRef(self.base + self.count, f"LS{self.count}", region)

    @rule(fund=st.sampled_from(FUNDS), amount=AMOUNTS, times=TIMES)
    def allocate(self, fund: str, amount: int, times: int) -> None:
        case = self.case(fund)
        self.held[fund] += amount
        for _ in range(times):
            with self.database.write() as transaction:
                left = funds.allocate(transaction, case, ledger.Account(fund, "reserve_fund"), amount)
            assert left == self.held[fund]

    @rule(
        township=st.sampled_from(TOWNSHIPS), level=st.sampled_from(["township", "county"]), amount=AMOUNTS, times=TIMES
    )
    def book(self, township: str, level: str, amount: int, times: int) -> None:
        fund = township if level == "township" else "410702"
        case = self.case(township)
        enough = self.held[fund] >= amount
        answers = set()
        for _ in range(times):
            with self.database.write() as transaction:
                account = ledger.Account(fund, "reserve_fund")
                answers.add(payments.book(transaction, case, "relief", amount, account, "transfer", RATIO).payment)
        assert len(answers) == 1
        (key,) = answers
        assert (key is not None) == enough
        if key is not None:
            self.payments[key] = Known(fund, amount)
            self.held[fund] -= amount
            self.clearing[fund] += amount

    @rule(data=st.data(), times=TIMES, verb=st.sampled_from(["instruct", "confirm", "reverse"]))
    def move_on(self, data: st.DataObject, times: int, verb: str) -> None:
        if not self.payments:
            return
        key = data.draw(st.sampled_from(sorted(self.payments)))
        known = self.payments[key]
        refused = {"instruct": {"reversed"}, "confirm": {"reversed"}, "reverse": {"confirmed"}}[verb]
        for _ in range(times):
            if known.status in refused:
                with pytest.raises(ModelError), self.database.write() as transaction:
                    getattr(payments, verb)(transaction, key)
                continue
            with self.database.write() as transaction:
                getattr(payments, verb)(transaction, key)
            self.follow(known, verb)

    def follow(self, known: Known, verb: str) -> None:
        if known.status not in ("booked", "instructed") or verb == "instruct":
            return
        self.clearing[known.fund] -= known.amount
        target = self.paid if verb == "confirm" else self.held
        target[known.fund] += known.amount
        known.status = "confirmed" if verb == "confirm" else "reversed"

    @rule(data=st.data(), amount=AMOUNTS, times=TIMES)
    def recover(self, data: st.DataObject, amount: int, times: int) -> None:
        if not self.payments:
            return
        key = data.draw(st.sampled_from(sorted(self.payments)))
        known = self.payments[key]
        self.count += 1
        too_much = known.recovered + amount > known.amount
        for _ in range(times):
            if known.status != "confirmed" or too_much:
                with pytest.raises((ModelError, Invalid)), self.database.write() as transaction:
                    payments.recover(transaction, key, amount, f"r{self.count}")
                continue
            with self.database.write() as transaction:
                out = payments.recover(transaction, key, amount, f"r{self.count}")
            assert out == known.amount - known.recovered - amount
        if known.status == "confirmed" and not too_much:
            known.recovered += amount
            self.paid[known.fund] -= amount
            self.held[known.fund] += amount

    @invariant()
    def the_ledger_is_what_the_oracle_says(self) -> None:
        if not hasattr(self, "held"):
            return
        with self.database.read() as transaction:
            balances = {name: int(amount * 100) for name, amount in ledger.balances(transaction).items()}
            summed = {name: int(amount * 100) for name, amount in ledger.recomputed(transaction).items()}
        for region in FUNDS:
            expected = {"reserve_fund": self.held, "clearing": self.clearing, "relief_paid": self.paid}
            for kind, oracle in expected.items():
                assert balances.get(f"{kind}/{region}", 0) == oracle[region] >= 0
        assert sum(balances.values()) == 0
        assert sum(summed.values()) == 0
        before = {name: int(amount * 100) for name, amount in self.before.items()}
        assert {n: a - before.get(n, 0) for n, a in summed.items() if a != before.get(n, 0)} == {
            name: amount for name, amount in balances.items() if amount
        }


def test_the_ledger_equals_a_plain_oracle(database):
    LedgerMachine.database = database
    quick = settings(
        max_examples=30 if database.sqlite else 15,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(LedgerMachine, settings=quick)
