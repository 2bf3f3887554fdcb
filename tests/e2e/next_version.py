"""The program as its next version would be: with a version of its own, and a database one migration further."""

from __future__ import annotations

import os
from pathlib import Path

import workflows.bootstrap
from engine.runtime import Runtime
from engine.settings import Settings
from web.cli import environment, main

NEXT = "99.0"
FOLDER = "DOUDI_NEXT_MIGRATIONS"
_MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{head}_next", "{head}", None, None


def upgrade() -> None:
    op.add_column("case_instance", sa.Column("novelty", sa.Text(), nullable=True))
    op.add_column("user_task", sa.Column("novelty", sa.Text(), nullable=False, server_default="none"))
    op.create_index("ix_user_task_novelty", "user_task", ["novelty"])
    op.create_table("novelty", sa.Column("key", sa.BigInteger(), primary_key=True))
"""


def draw_next(folder: Path, head: str) -> dict[str, str]:
    """Return the environment in which the next version finds its migration, which follows ``head``."""
    (folder / "next.py").write_text(_MIGRATION.format(head=head), "utf-8")
    return {FOLDER: str(folder)}


def next_doudi(command: list[str]) -> None:
    """Run a command of the next version; it ends the process."""
    built = workflows.bootstrap.build_runtime

    def build_next(settings: Settings) -> Runtime:
        runtime = built(settings)
        runtime.migrations = (*runtime.migrations, Path(os.environ[FOLDER]))
        return runtime

    workflows.bootstrap.build_runtime = build_next  # type: ignore[assignment]
    environment.version = lambda _name: NEXT  # type: ignore[attr-defined]
    main(command)
