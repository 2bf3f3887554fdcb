"""``doudi rotate-key``."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from engine.errors import Conflict, Text
from engine.store.sealing import Keyring
from web.cli.environment import KEY_BYTES, keep_key, settings


@click.command(name="rotate-key")
@click.argument("new", type=click.Path(path_type=Path, dir_okay=False))
def rotate_key(new: Path) -> None:
    """Seal everything with a new master key, which is written to the file NEW, while nothing runs.

    Interrupted, it goes on when it is called again with the same file. People stay signed in; forms that are open in a
    browser must be opened again. Backups from before still need the old key.
    """
    from engine.store.rotation import rotate
    from engine.store.sealed import BLIND, SEALED
    from workflows.bootstrap import build_runtime
    from workflows.registers import sealed

    runtime = build_runtime(settings(worker=False))
    runtime.database.expect_newest(runtime.migrations)
    successor = _successor(runtime.keyring, new)
    done = rotate(
        runtime.database, runtime.keyring, successor, (*SEALED, *sealed.SEALED), (*BLIND, *sealed.BLIND),
        lambda column, count: click.echo(f"{column}: {count}"),
    )  # fmt: skip
    click.echo(f"Sealed anew: {done.sealed} values; blind indexes: {done.blinded}.")
    click.echo(f"From now on set DOUDI_MASTER_KEY_FILE={new}. Keep the old key for backups made before.")


def _successor(own: Keyring, path: Path) -> Keyring:
    if not path.exists():
        keep_key(path, own.successor(secrets.token_bytes(KEY_BYTES)))
    content = path.read_bytes()
    if len(content) % KEY_BYTES == 0 and len(content) > KEY_BYTES:
        successor = Keyring(content)
        if successor.follows(own):
            return successor
    raise Conflict(
        Text(
            f"{path} 已存在,但不是用来接替现有密钥的。请换一个还不存在的文件名。",
            f"Expected {path} not to exist, or to be what an interrupted change of key wrote; name another file.",
        )
    )
