from datetime import date

from engine.store import tables as t
from workflows.registers.children import Children, others
from workflows.registers.ledger import CaseRef
from workflows.registers.residents import Resident, Residents

GIRL, BOY = Resident("李小雨", "410721201506120016"), Resident("李小明")
TODAY = date(2026, 9, 21)


def test_who_applies_for_a_child_learns_of_the_other_open_cases_that_do(database, keyring):
    people, children = Residents(keyring), Children(keyring)
    with database.write() as transaction:
        first, second, ended, brother = (
            _case(transaction, key, status)
            for key, status in ((11, "open"), (12, "open"), (13, "completed"), (14, "open"))
        )
        for case, child in ((first, GIRL), (second, GIRL), (ended, GIRL), (brother, BOY)):
            children.enter(transaction, case, people.enter(transaction, case, child, TODAY), "orphan", {})

        girl = people.find(transaction, GIRL.id_no)
        assert others(transaction, second, girl) == [first.number]
        assert others(transaction, first, girl) == [second.number]


def _case(transaction, key: int, status: str) -> CaseRef:
    row = {
        "key": key, "region": "410721101", "number": f"410721101-26-{key:05}", "definition": 1, "process": "child",
        "title": b"", "status": status, "started_at": transaction.now, "started_by": "name", "channel": "window",
        "policy_date": TODAY,
    }  # fmt: skip
    transaction.execute(t.case.insert(), row)
    return CaseRef(key, row["number"], row["region"])
