"""``doudi check``."""

from __future__ import annotations

from pathlib import Path

import click

from engine.bundle import FileError
from engine.model import Finding
from web.cli import findings
from web.cli.environment import library_folder, spoken
from web.cli.paths import Named, named


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="PATH...")
@click.option("--json", "as_data", is_flag=True, help="Print a list of findings as JSON.")
def check(paths: tuple[Path, ...], as_data: bool) -> None:
    """Tell what is wrong in process folders, diagrams or whole libraries.

    Exit code 1 when something found forbids deploying.
    """
    found: list[Finding] = []
    for path in paths:
        try:
            found += examined(named(path, library_folder()))
        except FileError as error:
            found += findings.within(str(path), error.findings)
    findings.show(found, as_data=as_data, language=spoken())
    raise SystemExit(1 if findings.has_errors(found) else 0)


def examined(chosen: Named) -> list[Finding]:
    """Return the findings in the processes, and in what a whole library has beside them."""
    from engine.checking import check_bundle
    from web.cli.services import known_services

    services = known_services()
    found = findings.within(str(chosen.folder), chosen.library.findings) if chosen.everything else []
    for process in chosen.processes:
        bundle = chosen.library.bundle(process)
        found += findings.within(chosen.place(process), check_bundle(bundle, services))
    return found
