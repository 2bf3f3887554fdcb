"""Puts a folder of processes in force: roles, outside services, calendars, numbers, and every process deployed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.bundle import Library
from engine.commands.deploy import deploy
from engine.commands.publish_contents import publish_contents
from engine.model import SYSTEM
from engine.runtime import Runtime
from engine.runtime.published import CALENDAR, POLICY, ROLES, SERVICES
from engine.store.transaction import Transaction


def put_in_force(
    runtime: Runtime, transaction: Transaction, folder: Path, library: Library, processes: Iterable[str] | None = None
) -> None:
    """Publish what stands beside the processes and deploy them; what is in force already stays.

    ``library`` is what was read (and checked) from ``folder``; without ``processes`` all of it is deployed.
    """
    publish_contents(runtime, transaction, SYSTEM, contents=_contents(folder))
    for process in processes if processes is not None else library.folders:
        deploy(runtime, transaction, SYSTEM, bundle=library.bundle(process))


def _contents(folder: Path) -> dict[tuple[str, str], bytes]:
    single = {
        (ROLES, "roles"): folder / "roles.yaml",
        (SERVICES, "services"): folder / "services.yaml",
        (POLICY, "shared"): folder / "shared" / "policy.yaml",
    }
    years = {(CALENDAR, path.stem): path for path in sorted((folder / "calendar").glob("*.yaml"))}
    return {subject: path.read_bytes() for subject, path in {**single, **years}.items() if path.exists()}
