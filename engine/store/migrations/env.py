"""Alembic's entry: runs the migrations inside the transaction it was handed."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, render_as_batch=connection.dialect.name == "sqlite", transactional_ddl=False)
context.run_migrations()
