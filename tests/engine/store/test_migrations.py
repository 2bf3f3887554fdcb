import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.store import tables as t


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
