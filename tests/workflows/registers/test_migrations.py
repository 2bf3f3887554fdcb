import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from workflows.registers.ledger import Account, CaseRef, Movement, move
from workflows.registers.tables import ledger_transfer, metadata

CASE = CaseRef(1, "LS1", "410702100")


def test_migrations_make_the_tables_that_the_code_uses(database):
    with database.read() as transaction:
        context = MigrationContext.configure(transaction.connection, opts={"compare_type": True})
        differences = [one for one in compare_metadata(context, metadata) if one[0] != "remove_table"]

    assert [one for one in differences if one[0] != "remove_index"] == []


def test_every_check_of_the_tables_is_in_the_database(database):
    inspector = sa.inspect(database.engine)
    for table in metadata.sorted_tables:
        drawn = {str(one.name) for one in table.constraints if isinstance(one, sa.CheckConstraint)}
        assert {one["name"] for one in inspector.get_check_constraints(table.name)} == drawn


@pytest.mark.parametrize(
    "change",
    [ledger_transfer.delete(), ledger_transfer.update().values(amount=1)],
    ids=["delete", "update"],
)
def test_the_ledger_refuses_to_forget_or_change_a_row(database, change):
    with database.write() as transaction:
        to = Account("410702100", "reserve_fund")
        move(transaction, Movement(CASE, "a", "allocation", Account("410702", "county_budget"), to, 100))

    with pytest.raises(sa.exc.DBAPIError, match="append-only"), database.write() as transaction:
        transaction.execute(change)
