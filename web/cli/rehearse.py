"""``doudi rehearse``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from web.cli.environment import library_folder
from web.cli.paths import named


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="PATH...")
@click.option("--json", "as_data", is_flag=True, help="Print the result as JSON.")
def rehearse(paths: tuple[Path, ...], as_data: bool) -> None:
    """Play the scenarios of processes through the real commands, on a database in memory.

    Exit code 1 when a scenario fails or a sequence flow is taken by none.
    """
    results = [_rehearsed(path) for path in paths]
    total = _added(results)
    if as_data:
        click.echo(
            json.dumps({key: value for key, value in total.items() if key != "untaken"}, ensure_ascii=False, indent=2)
        )
    else:
        _show(total)
    raise SystemExit(0 if not total["failures"] and not total["untaken"] else 1)


def _rehearsed(path: Path) -> Any:
    from engine.rehearsal import rehearse as play_all
    from workflows.stage import BureauStage

    chosen = named(path, library_folder())
    folder = chosen.folder if (chosen.folder / "roles.yaml").exists() else library_folder()
    return play_all(BureauStage(folder, chosen.library), chosen.library, chosen.processes)


def _added(results: list[Any]) -> dict[str, Any]:
    return {
        "processes": [process for one in results for process in one.processes],
        "scenarios": sum(one.scenarios for one in results),
        "passed": sum(one.passed for one in results),
        "flows": sum(one.flows for one in results),
        "flows_taken": sum(one.flows_taken for one in results),
        "failures": [asdict(failure) for one in results for failure in one.failures],
        "untaken": [flow for one in results for flow in one.untaken],
    }


def _show(total: dict[str, Any]) -> None:
    for failure in total["failures"]:
        click.echo(f"{failure['file']}:{failure['line']} {failure['scenario']}: {failure['message']}")
    for flow in total["untaken"]:
        click.echo(f"{flow.process}: no scenario takes the flow {flow.flow}")
    click.echo(
        f"{total['passed']} of {total['scenarios']} scenarios passed, "
        f"{total['flows_taken']} of {total['flows']} sequence flows taken."
    )
