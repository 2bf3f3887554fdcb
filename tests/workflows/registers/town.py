"""People on the rosters of one township, and a county that pays them."""

from __future__ import annotations

from datetime import date

from workflows.registers import decisions, rosters
from workflows.registers.decisions import Decision
from workflows.registers.ledger import CaseRef
from workflows.registers.payroll import batches
from workflows.registers.payroll.batches import Answer, BankFiles, line_id
from workflows.registers.payroll.freeze import Back, freeze
from workflows.registers.payroll.gates import Gate
from workflows.registers.residents import Resident, Residents
from workflows.registers.rosters import Accounts, Enrolment
from workflows.registers.tables import payroll_line

COUNTY, OTHER_COUNTY, TOWNSHIP = "410721", "410702", "410721101"
RUN, NEXT_RUN = CaseRef(900, "FF900", COUNTY), CaseRef(901, "FF901", COUNTY)
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
BACK = Back(SEPTEMBER, 12)
EXCLUDED = ("tekun",)


class Town:
    """People on the rosters of one township."""

    def __init__(self, database, keyring) -> None:
        self.database, self.keyring = database, keyring
        self.count = 0

    def enrol(
        self, benefit="dibao", amount=550_00, since=OCTOBER, holder=None, decided=None, region=TOWNSHIP, household=None, **account
    ):  # fmt: skip
        self.count += 1
        case = CaseRef(self.count, f"DB{self.count}", region)
        with self.database.write() as transaction:
            person = holder or Residents(self.keyring).enter(transaction, case, Resident(f"王{self.count}"), since)
            what = Decision(benefit, "granted", decided or amount, "township", "陈一", "第二十一条", since)
            decision = decisions.record(transaction, case, "confirmation", what)
            entry = rosters.enrol(transaction, case, Enrolment(benefit, person, household, since, amount, decision))
            told = {"payee_name": f"王{self.count}", "bank_account": f"62284800{entry}", "bank": "农业银行"}
            if account.get("account", True):
                Accounts(self.keyring).set(transaction, entry, told, checked=account.get("checked", True))
        return entry

    def holder(self, entry):
        with self.database.read() as transaction:
            return transaction.execute(rosters.roster.select().where(rosters.roster.c.key == entry)).one().holder

    def freeze(self, case=RUN, month=OCTOBER, benefit="dibao", excluded=EXCLUDED):
        with self.database.write() as transaction:
            return freeze(transaction, case, benefit, month, BACK, excluded)

    def lines(self, month=OCTOBER, county=COUNTY):
        with self.database.read() as transaction:
            c = payroll_line.c
            rows = transaction.execute(
                payroll_line.select().where(c.month == month, c.county == county).order_by(c.entry, c.for_month)
            )
            return {(row.entry, row.for_month): (row.amount, Gate(row.gates), row.state) for row in rows}

    def pay(self, case=RUN, month=OCTOBER, attempt=1, failing=()):
        """Send what is ready to a bank that cannot pay the failing entries; return what it paid, in fen."""
        with self.database.write() as transaction:
            batch = BankFiles(self.keyring).prepare(transaction, case, month, attempt)
        self.batch = batch.key
        with self.database.write() as transaction:
            batches.release(transaction, case, batch.key)
            batches.accept(transaction, batch.key, "YH1")
        sent = {key: line[0] for key, line in self.lines(month).items() if line[2] == "sent"}
        back = {line_id(*key): "账户已销户" for key in sent if key[0] in failing}
        paid = [amount for key, amount in sent.items() if line_id(*key) not in back]
        with self.database.write() as transaction:
            assert batches.settle(transaction, case, batch.key, Answer(len(paid), sum(paid), back))
        return sum(paid)
