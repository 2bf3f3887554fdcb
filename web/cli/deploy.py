"""``doudi deploy``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.model import SYSTEM
from web.cli import findings
from web.cli.environment import library_folder, settings, spoken
from web.cli.paths import named

if TYPE_CHECKING:
    from engine.commands.deploy import Deployed
    from engine.store.transaction import Transaction


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--note", default="", help="What changed, for the list of versions.")
@click.option("--json", "as_data", is_flag=True, help="Print the versions, or the findings, as JSON.")
def deploy(path: Path, note: str, as_data: bool) -> None:
    """Check the processes at PATH and put them in force; running cases stay on their version.

    A whole library also publishes its roles, services, calendars and shared numbers. Exit code 1 with findings.
    """
    from engine.publish import examine, publish
    from engine.runtime.starting import start_up
    from web.cli.services import known_services
    from workflows.bootstrap import build_runtime
    from workflows.library import put_in_force

    chosen = named(path, library_folder())
    bundles = [chosen.library.bundle(process) for process in chosen.processes]
    approvals = [examine(bundle, known_services()) for bundle in bundles]
    found = [finding for approval in approvals for finding in approval.findings]
    if findings.has_errors(found):
        findings.show(found, as_data=as_data, language=spoken())
        raise SystemExit(1)
    runtime = build_runtime(settings(worker=False))
    start_up(runtime)

    def put_all_in_force(transaction: Transaction) -> list[Deployed]:
        if chosen.everything:
            put_in_force(runtime, transaction, chosen.folder, chosen.library, ())
        return [
            publish(runtime, transaction, SYSTEM, bundle=bundle, approval=approval, note=note)
            for bundle, approval in zip(bundles, approvals, strict=True)
        ]

    deployed = runtime.attempt(put_all_in_force)
    if as_data:
        rows = [{"process": one.process, "version": one.version, "changed": one.changed} for one in deployed]
        click.echo(json.dumps(rows, indent=2))
        return
    for one in deployed:
        click.echo(f"{one.process} version {one.version}{'' if one.changed else ' (in force already)'}")
