"""``doudi export``."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli.environment import settings


@click.command()
@click.argument("process")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--version", type=click.IntRange(1), default=None, help="A version other than the newest.")
def export(process: str, folder: Path, version: int | None) -> None:
    """Write the files of a deployed PROCESS into FOLDER, as designers keep them."""
    from engine.runtime.rejections import unknown_process
    from engine.store import definitions
    from workflows.bootstrap import build_runtime

    runtime = build_runtime(settings(worker=False))
    with runtime.read() as transaction:
        rows = definitions.versions(transaction, process)
        wanted = max((row.version for row in rows), default=0) if version is None else version
        row = next((one for one in rows if one.version == wanted), None)
        if row is None:
            raise unknown_process(process)
        files = definitions.files(transaction, row.key)
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    click.echo(f"{process} version {row.version}: {len(files)} files in {folder}")
