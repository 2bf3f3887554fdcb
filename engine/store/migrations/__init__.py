"""Brings a database to the newest schema of the engine and of the registers joined to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

_HERE = Path(__file__).parent


def upgrade(connection: sa.Connection, joined: Sequence[Path] = ()) -> None:
    """Bring the database to the newest version of the engine's and every joined branch."""
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(str(path) for path in (_HERE / "versions", *joined)))
    config.attributes["connection"] = connection
    command.upgrade(config, "heads")
