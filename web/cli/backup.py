"""``doudi backup``."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli.environment import settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write one consistent state of the whole database to FILE, while the servers go on working.

    Personal data stays sealed: keep the master key, without which a backup cannot be restored, in another place.
    """
    from engine.runtime.starting import expect_ready
    from engine.store.backup import backup as write
    from workflows.bootstrap import build_runtime

    if file.exists():
        raise click.UsageError(f"Expected a file name not taken yet, but {file} exists.")
    runtime = build_runtime(settings(worker=False))
    expect_ready(runtime)
    program = runtime.settings.application_version
    written = write(runtime.database, runtime.keyring, file, program, runtime.migrations)
    rows = sum(table.rows for table in written.tables.values())
    click.echo(f"{file}: {rows} rows of {len(written.tables)} tables, {file.stat().st_size / 1_000_000:.1f} MB.")
