from datetime import date

from workflows.registers import households, rosters
from workflows.registers.givens import apply_givens
from workflows.registers.residents import Residents

GIVEN = {
    "benefit": "dibao",
    "name": "王建国",
    "id_no": "410721196503124413",
    "region": "410721101001",
    "amount": 550,
    "since": "2026-03-01",
    "members": [{"name": "王小花", "relation": "子女", "birth_date": "2014-05-01"}],
}


def test_a_given_entry_has_its_household_members_and_amount(database, keyring):
    day = date(2026, 9, 23)
    with database.write() as transaction:
        apply_givens(transaction, {"roster": [GIVEN]}, keyring)
        (due,) = rosters.payable(transaction, "dibao", "410721", day)
        people = Residents(keyring)
        home = households.of_resident(transaction, due.holder, day)
        names = [people.read(transaction, one.resident, day) for one in households.members(transaction, home, day)]
        assert list(rosters.payable(transaction, "dibao", "410721", date(2026, 2, 1))) == []

    assert (due.amount, due.region) == (55000, "410721101001")
    assert [one.person.name for one in names] == ["王建国", "王小花"]
    assert names[1].person.facts == {"birth_date": date(2014, 5, 1)}
