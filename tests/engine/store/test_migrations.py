import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.clock import FixedClock
from engine.errors import Conflict
from engine.store import tables as t
from engine.store.migrations import can_serve, expect_newest, revisions, upgrade
from engine.store.transaction import Database
from engine.testing import NOW
from workflows.registers.migrations import VERSIONS


def _tables(connection: sa.Connection) -> dict[str, dict[str, object]]:
    inspector = sa.inspect(connection)
    return {
        name: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"]) for column in inspector.get_columns(name)
            },
            "primary key": inspector.get_pk_constraint(name)["constrained_columns"],
            "unique": {tuple(one["column_names"]) for one in inspector.get_unique_constraints(name)},
            "foreign": {
                (tuple(one["constrained_columns"]), one["referred_table"]) for one in inspector.get_foreign_keys(name)
            },
            "indexes": {
                (one["name"], tuple(one["column_names"]), bool(one["unique"]), *_where(one))
                for one in inspector.get_indexes(name)
            },
        }
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }


def _where(index) -> tuple[str, ...]:
    options = index.get("dialect_options", {})
    return tuple(str(value) for name, value in sorted(options.items()) if name.endswith("where"))


def test_migrations_make_exactly_the_tables_the_code_uses(database):
    with database.read() as transaction:
        migrated = _tables(transaction.connection)
    with database.write() as transaction:
        transaction.connection.execute(sa.text("DROP TABLE alembic_version"))
        t.metadata.drop_all(transaction.connection)
        t.metadata.create_all(transaction.connection)
    with database.read() as transaction:
        assert migrated == _tables(transaction.connection)
    assert migrated.keys() == t.metadata.tables.keys()


def test_a_comparison_of_alembic_finds_no_difference(database):
    with database.read() as transaction:
        context = MigrationContext.configure(transaction.connection, opts={"compare_type": True})
        assert compare_metadata(context, t.metadata) == []


def test_upgrading_again_changes_nothing(database):
    with database.read() as transaction:
        before = _tables(transaction.connection)
    database.migrate()
    database.migrate()
    with database.read() as transaction:
        assert _tables(transaction.connection) == before


def test_a_schema_of_a_newer_version_is_refused_in_words_and_served_by_who_already_runs(database):
    with database.write() as transaction:
        transaction.execute(sa.text("UPDATE alembic_version SET version_num = 'engine_9999'"))
    with pytest.raises(Conflict, match="engine_9999"):
        database.migrate()
    with pytest.raises(Conflict, match="newer version"):
        database.expect_newest()
    assert database.can_serve()


def test_a_schema_of_an_older_version_is_told_until_it_is_brought_up_to_date(unmigrated):
    with unmigrated.write() as transaction:
        upgrade(transaction.connection, to=["engine_0001"])
        assert revisions(transaction.connection) == ("engine_0001",)
        assert not can_serve(transaction.connection)
        with pytest.raises(Conflict, match="doudi serve"):
            expect_newest(transaction.connection)
    unmigrated.migrate()
    unmigrated.expect_newest()


def test_what_the_version_before_wrote_can_still_be_written(unmigrated):
    """Every step only adds: tables, and columns that may be left out; so old nodes work on while new ones arrive."""
    steps = ("engine_0001", "heads")
    with unmigrated.write() as transaction:
        upgrade(transaction.connection, [VERSIONS], to=[steps[0], "registers_0001"])
        before = _tables(transaction.connection)
        upgrade(transaction.connection, [VERSIONS])
        after = _tables(transaction.connection)
        optional = _optional_columns(transaction.connection)
    for name, table in before.items():
        kept = {column: after[name]["columns"].get(column) for column in table["columns"]}
        assert kept == table["columns"], name
        added = set(after[name]["columns"]) - set(table["columns"])
        assert added <= optional[name], name
        for rule in ("primary key", "unique", "foreign"):
            assert after[name][rule] == table[rule], name


def _touch(address: str) -> None:
    made = Database(address, FixedClock(NOW))
    with made.read():
        pass
    made.dispose()


def _optional_columns(connection: sa.Connection) -> dict[str, set[str]]:
    inspector = sa.inspect(connection)
    return {
        name: {one["name"] for one in inspector.get_columns(name) if one["nullable"] or one["default"] is not None}
        for name in inspector.get_table_names()
    }


@pytest.fixture
def unmigrated(databases):
    made = Database(databases.fresh("nothing", _touch), FixedClock(NOW))
    yield made
    made.dispose()
    databases.drop(made.url)
