"""P5 for the monthly run: whatever happens to people, files and the bank, decisions = ledger = bank, and nobody twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engine.clock import add_months
from engine.errors import Invalid
from engine.runtime import RemoteRequest
from workflows.connectors.http import Answer as Said
from workflows.connectors.http import DepartmentError
from workflows.connectors.payroll import payroll_recall, payroll_results, payroll_send
from workflows.departments.ledger import Ledger
from workflows.departments.payroll import PayrollDesk
from workflows.registers import decisions, ledger, recoveries, residents, rosters
from workflows.registers.decisions import Decision
from workflows.registers.ledger import Account, CaseRef
from workflows.registers.money import yuan
from workflows.registers.payroll import batches, exceptions, returns
from workflows.registers.payroll.bank_file import line_of_number
from workflows.registers.payroll.batches import Answer, BankFiles, Batch
from workflows.registers.payroll.freeze import Back, freeze, recheck
from workflows.registers.payroll.release import release
from workflows.registers.payroll.totals import reconcile
from workflows.registers.recoveries import Claim
from workflows.registers.residents import Resident, Residents
from workflows.registers.rosters import Accounts, Change, Enrolment
from workflows.registers.tables import payroll_line

PEOPLE = st.integers(0, 3)
AMOUNTS = st.sampled_from([1, 199_99, 440_00, 550_00])
BACK = st.integers(0, 2)
WEATHER = st.lists(st.sampled_from(["drop", "lose", "double"]), max_size=3)
numbers = count(1)


@dataclass
class Bank:
    """The simulated bank behind a line that loses requests, loses answers and says everything twice."""

    books: Ledger
    weather: list[str] = field(default_factory=list)

    def post(self, path: str, _key: str, body: dict) -> Said:
        """Return what the bank says, as the weather lets it through."""
        how = self.weather.pop() if self.weather else "fair"
        if how == "lose":
            raise DepartmentError(path)
        answers = [PayrollDesk(self.books).posts[path](body) for _ in range(2 if how == "double" else 1)]
        if how == "drop":
            raise DepartmentError(path)
        return Said(True, answers[-1])

    def ask(self, connector, known: dict) -> dict:
        """Return the answer after as many tries as it takes."""
        while True:
            try:
                return connector(RemoteRequest("job", "payroll", {}, known, {}))
            except DepartmentError:
                continue


@dataclass
class Person:
    """Somebody on the roster; ``most`` is the most fen that was ever decided for a month."""

    holder: int
    entry: int
    most: int


@dataclass
class Run:
    """A month's run of the county, with the file under way."""

    case: CaseRef
    month: date
    attempts: int = 0
    batch: Batch | None = None


class PayrollMachine(RuleBasedStateMachine):
    database, keyring, clock, bank = None, None, None, None

    @initialize()
    def begin(self) -> None:
        self.number = next(numbers)
        self.county = f"41{self.number:04d}"
        self.people: list[Person] = []
        self.everybody: list[Person] = []
        self.runs: list[Run] = []
        self.files: dict[int, date] = {}
        self.cases = count(self.number * 1000)
        self.first = add_months(self.clock.now().date().replace(day=1), 1)
        for account in ("9999", "9999", "0000"):
            self.enrol(550_00, 0, account)

    def case(self) -> CaseRef:
        key = next(self.cases)
        return CaseRef(key, f"DB{key}", f"{self.county}101")

    def write(self):
        self.clock.advance(timedelta(minutes=1))
        return self.database.write()

    def month(self, back: int = 0) -> date:
        """Return the month whose run comes next, or one so far before it."""
        return add_months(self.first, max(len(self.runs) - back, 0))

    def decide(self, transaction, case: CaseRef, amount: int, since: date) -> int:
        return decisions.record(
            transaction, case, "d", Decision("dibao", "granted", amount, "township", "陈一", "", since)
        )

    def somebody(self, which: int) -> Person | None:
        return self.people[which % len(self.people)] if self.people else None

    @rule(amount=AMOUNTS, back=BACK, account=st.sampled_from(["9999", "9999", "0000"]))
    @precondition(lambda self: len(self.everybody) < 6)
    def enrol(self, amount: int, back: int, account: str) -> None:
        with self.write() as transaction:
            holder = Residents(self.keyring).enter(transaction, self.case(), Resident("王一"), self.first)
        self.put_on_roster(holder, amount, back, account)

    def put_on_roster(self, holder: int, amount: int, back: int, account: str = "9999") -> None:
        case, since = self.case(), self.month(back)
        with self.write() as transaction:
            decided = self.decide(transaction, case, amount, since)
            entry = rosters.enrol(transaction, case, Enrolment("dibao", holder, None, since, amount, decided))
            told = {"payee_name": "王一", "bank_account": f"62284800{account}", "bank": ""}
            Accounts(self.keyring).set(transaction, entry, told, checked=True)
        self.people.append(Person(holder, entry, amount))
        self.everybody.append(self.people[-1])

    @rule(which=PEOPLE, amount=AMOUNTS, back=BACK)
    @precondition(lambda self: self.people)
    def decide_anew(self, which: int, amount: int, back: int) -> None:
        one, case, since = self.somebody(which), self.case(), self.month(back)
        with self.write() as transaction:
            change = Change(since, "change", self.decide(transaction, case, amount, since))
            rosters.change_amount(transaction, case, one.entry, amount, change)
        one.most = max(one.most, amount)

    @rule(which=PEOPLE, back=BACK, again=st.booleans(), amount=AMOUNTS)
    @precondition(lambda self: self.people)
    def stop(self, which: int, back: int, again: bool, amount: int) -> None:
        one = self.somebody(which)
        with self.write() as transaction:
            rosters.stop(transaction, self.case(), one.entry, Change(self.month(back), "stop"))
        self.people.remove(one)
        if again:
            self.put_on_roster(one.holder, amount, back)

    @rule(which=PEOPLE, dead=st.booleans())
    @precondition(lambda self: self.people)
    def die_or_be_found_alive(self, which: int, dead: bool) -> None:
        one, case = self.somebody(which), self.case()
        change = Change(self.month(), "death signal")
        with self.write() as transaction:
            residents.note_death(transaction, one.holder, self.first if dead else None)
            (rosters.suspend if dead else rosters.resume)(transaction, case, one.entry, change)
            if not dead:
                release(transaction, one.entry)

    @rule(which=PEOPLE, amount=AMOUNTS, monthly=AMOUNTS, take=st.booleans())
    @precondition(lambda self: self.people)
    def withhold(self, which: int, amount: int, monthly: int, take: bool) -> None:
        one, case = self.somebody(which), self.case()
        with self.write() as transaction:
            drawn = recoveries.netting_entry(transaction, one.holder)
            if drawn is None or amount > monthly * 3 or monthly > drawn[1]:
                return
            recoveries.plan_netting(transaction, case, drawn[0], amount, monthly)
            if take:
                recoveries.take_netting(transaction, case, Claim(amount, None, one.entry))

    @rule(close=st.booleans())
    @precondition(lambda self: len(self.runs) < 5)
    def freeze(self, close: bool) -> None:
        if close and self.runs and not self.runs[-1].batch:
            with self.write() as transaction:
                returns.close(transaction, self.county, self.runs[-1].month)
        run = Run(CaseRef(next(self.cases), "FF1", self.county), self.month())
        self.clock.advance(add_months(run.month, -1) + timedelta(days=25) - self.clock.now().date())
        with self.write() as transaction:
            assert freeze(transaction, run.case, "dibao", run.month, Back(self.first, 12))
        self.runs.append(run)

    @rule(what=st.sampled_from(["pay", "pay", "hold", "drop"]))
    @precondition(lambda self: self.runs)
    def judge(self, what: str) -> None:
        run = self.runs[-1]
        with self.database.read() as transaction:
            held = exceptions.waiting(transaction, self.county, run.month, confidential=False)
        for one in held:
            try:
                with self.write() as transaction:
                    exceptions.decide(transaction, self.county, run.month, one.line, what, "陈一", "")
            except Invalid:
                assert what == "pay"

    @rule(weather=WEATHER, far=st.sampled_from(["refused", "sent", "paid", "paid"]), lie=st.booleans())
    @precondition(lambda self: self.runs and self.runs[-1].batch is None)
    def file(self, weather: list[str], far: str, lie: bool) -> None:
        run = self.runs[-1]
        with self.write() as transaction:
            recheck(transaction, self.county, run.month)
            run.batch = BankFiles(self.keyring).prepare(transaction, run.case, run.month, run.attempts + 1)
        if run.batch is None:
            return
        run.attempts += 1
        with self.write() as transaction:
            for _ in range(2):
                batches.release(transaction, run.case, run.batch.key)
        self.bank.weather = list(weather)
        if far == "refused":
            self.take_back(run, "rejected")
            return
        self.send(run)
        if far == "paid":
            self.settle(run, lie)

    def send(self, run: Run) -> None:
        with self.database.read() as transaction:
            parts = list(BankFiles(self.keyring).parts(transaction, run.batch.key))
        batch = run.batch
        known = {"batch": str(batch.key), "batch_lines": batch.lines, "batch_total": yuan(batch.total)}
        connector = payroll_send(self.bank, lambda _b, n: parts[n - 1] if n <= len(parts) else None)
        reference = self.bank.ask(connector, known | {"batch_digest": batch.digest})["bank_reference"]
        with self.write() as transaction:
            batches.accept(transaction, batch.key, reference)

    def under_way(self) -> Run | None:
        return next((run for run in self.runs if run.batch), None)

    @rule(weather=WEATHER)
    @precondition(lambda self: self.under_way())
    def recall(self, weather: list[str]) -> None:
        run = self.under_way()
        self.bank.weather = list(weather)
        if self.bank.ask(payroll_recall(self.bank), {"batch": str(run.batch.key)})["recalled"]:
            self.take_back(run, "recalled")

    def take_back(self, run: Run, why: str) -> None:
        with self.write() as transaction:
            for _ in range(2):
                batches.take_back(transaction, run.case, run.batch.key, why)
        run.batch = None

    @rule(weather=WEATHER, lie=st.booleans())
    @precondition(lambda self: self.under_way())
    def answer(self, weather: list[str], lie: bool) -> None:
        self.bank.weather = list(weather)
        self.settle(self.under_way(), lie)

    def settle(self, run: Run, lie: bool) -> None:
        found = self.bank.ask(payroll_results(self.bank), {"batch": str(run.batch.key)})
        with self.write() as transaction:
            names = line_of_number(BankFiles(self.keyring).parts(transaction, run.batch.key))
            back = {names[one["number"]]: one["reason"] for one in found["returned"]}
            paid = int(found["bank_paid"] * 100)
            if lie:
                wrong = Answer(found["bank_lines"], paid + 1, back)
                assert not batches.settle(transaction, run.case, run.batch.key, wrong)
            for _ in range(2):
                assert batches.settle(transaction, run.case, run.batch.key, Answer(found["bank_lines"], paid, back))
        self.files[run.batch.key] = run.month
        run.batch = None

    @rule()
    @precondition(lambda self: self.runs)
    def mend(self) -> None:
        told = {"payee_name": "王一", "bank_account": "622848009999", "bank": ""}
        with self.write() as transaction:
            for one in self.everybody:
                Accounts(self.keyring).set(transaction, one.entry, told, checked=True)
                returns.mended(transaction, one.entry)

    @invariant()
    def the_books_say_the_same_and_nobody_is_paid_twice(self) -> None:
        if not getattr(self, "runs", ()):
            return
        with self.database.read() as transaction:
            lines = transaction.execute(payroll_line.select().where(payroll_line.c.county == self.county)).all()
            out = ledger.balance(transaction, Account(self.county, batches.PAID_OUT))
            under_way = ledger.balance(transaction, Account(self.county, ledger.PAYROLL))
            for run in self.runs:
                bank = sum(self.bank.books.paid_by(str(key)) for key, month in self.files.items() if month == run.month)
                assert reconcile(transaction, BankFiles(self.keyring), self.county, run.month, bank).equal
        assert out == sum(line.amount for line in lines if line.state == "paid")
        assert out == sum(self.bank.books.paid_by(str(key)) for key in self.files)
        assert under_way == sum(run.batch.total for run in self.runs if run.batch)
        self.nobody_twice()

    def nobody_twice(self) -> None:
        most, holder = (
            {one.entry: one.most for one in self.everybody},
            {one.entry: one.holder for one in self.everybody},
        )
        fen: dict[tuple[int, str], int] = {}
        for key in self.files:
            for line, amount in self.paid_lines(key):
                entry, _, month = line.partition("-")
                fen[int(entry), month] = fen.get((int(entry), month), 0) + amount
        assert all(amount <= most[entry] for (entry, _), amount in fen.items())
        paid = [(holder[entry], month) for entry, month in fen]
        assert len(paid) == len(set(paid))

    def paid_lines(self, batch: int) -> list[tuple[str, int]]:
        rows = self.bank.books.transfers(limit=10_000)
        return [(row["key"].split("/")[1], row["fen"]) for row in rows if row["key"].startswith(f"{batch}/")]


def test_decisions_ledger_and_bank_stay_equal_and_nobody_is_paid_twice(database, keyring, clock):
    PayrollMachine.database, PayrollMachine.keyring, PayrollMachine.clock = database, keyring, clock
    PayrollMachine.bank = Bank(Ledger(Path(":memory:")))
    quick = settings(
        max_examples=10 if database.sqlite else 4,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(PayrollMachine, settings=quick)
