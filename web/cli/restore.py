"""``doudi restore``."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli.environment import settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(file: Path) -> None:
    """Restore the backup FILE into the empty database of DOUDI_DATABASE_URL, SQLite or PostgreSQL.

    Then everything stored is checked: every case against its rows, the ledger's balances, the audit's chains. Exit code
    1 when something contradicts itself. Jobs go on as soon as a server is started.
    """
    from engine.runtime.starting import expect_ready
    from engine.store.backup import restore as read
    from workflows.bootstrap import build_runtime
    from workflows.soundness import contradictions

    runtime = build_runtime(settings(worker=False))
    restored = read(runtime.database, runtime.keyring, file, runtime.migrations)
    expect_ready(runtime)
    for name, table in sorted(restored.tables.items()):
        if table.rows:
            click.echo(f"{name:24}{table.rows}")
    found = contradictions(runtime)
    for sentence in found:
        click.echo(sentence)
    made = f"The backup of {restored.made_at} is restored"
    click.echo(f"{made}, but {len(found)} things contradict each other." if found else f"{made} and sound: {CHECKED}.")
    raise SystemExit(1 if found else 0)


CHECKED = "cases agree with their rows, the ledger balances, every audit chain is whole"
