"""Brings a database to the newest schema of the engine and of the registers joined to it.

Every migration only adds: while nodes are restarted one after the other, those of the version before go on working.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.errors import Conflict, Text

HEADS = ("heads",)
_HERE = Path(__file__).parent
_TURN = 4107


def upgrade(connection: sa.Connection, joined: Sequence[Path] = (), to: Sequence[str] = HEADS) -> None:
    """Bring the database to the newest version of the engine's and every joined branch, or to the named revisions.

    Nodes that start at the same moment take turns. Raises Conflict when a newer version of the program made the schema.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN)))
    config = _config(connection, joined)
    unknown = (_applied(connection) | frozenset(to)) - _known(config) - frozenset(HEADS)
    if unknown:
        raise _newer(unknown)
    for revision in to:
        command.upgrade(config, revision)


def expect_newest(connection: sa.Connection, joined: Sequence[Path] = ()) -> None:
    """Raise Conflict unless the database has the schema of this very version of the program."""
    config = _config(connection, joined)
    applied = _applied(connection)
    if applied - _known(config):
        raise _newer(applied - _known(config))
    if applied != _newest(config):
        raise _older(applied)


def can_serve(connection: sa.Connection, joined: Sequence[Path] = ()) -> bool:
    """Return whether the schema is this version's, or a newer one, which only added to it."""
    config = _config(connection, joined)
    applied = _applied(connection)
    return applied == _newest(config) or bool(applied - _known(config))


def revisions(connection: sa.Connection) -> tuple[str, ...]:
    """Return the revisions the database is at, one for each branch."""
    return tuple(sorted(_applied(connection)))


def _config(connection: sa.Connection, joined: Sequence[Path]) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(str(path) for path in (_HERE / "versions", *joined)))
    config.attributes["connection"] = connection
    return config


def _applied(connection: sa.Connection) -> frozenset[str]:
    return frozenset(MigrationContext.configure(connection).get_current_heads())


def _known(config: Config) -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory.from_config(config).walk_revisions())


def _newest(config: Config) -> frozenset[str]:
    return frozenset(ScriptDirectory.from_config(config).get_heads())


def _newer(unknown: frozenset[str]) -> Conflict:
    found = ", ".join(sorted(unknown))
    return Conflict(
        Text(
            f"数据库已由更新版本的程序升级({found}),本版本不认识,没有启动。请安装新版本,或从升级前的备份恢复。",
            f"Expected a schema that this version knows, but a newer version made it ({found}); "
            "install that version, or restore a backup from before.",
        )
    )


def _older(applied: frozenset[str]) -> Conflict:
    found = ", ".join(sorted(applied)) or "–"
    return Conflict(
        Text(
            f"数据库还是旧版本的结构({found})。请先用本版本运行一次 doudi serve,它会自动升级。",
            f"Expected the schema of this version, but the database is older ({found}); "
            "run `doudi serve` of this version once, which brings it up to date.",
        )
    )
