"""``doudi demo``."""

from __future__ import annotations

from dataclasses import replace

import click

from engine.settings import Settings
from web.cli.environment import settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--cases", default=500, show_default=True, type=click.IntRange(0, 5000), help="Cases of the first start.")
def demo(host: str, port: int, cases: int) -> None:
    """Serve an invented city with people of every role and cases in every state.

    The first start fills the folder named in DOUDI_DATA (var); later starts go on from there.
    """
    from web.cli.server import options, serve_forever
    from workflows.departments.server import serve as serve_departments

    chosen = settings(demo=True, role="web and worker")
    _fill(chosen, cases)
    with serve_departments(chosen.data / "departments.db") as departments:
        serving = replace(chosen, departments_url=departments.url)
        serve_forever(
            serving, options(f"{host}:{port}", threads=8, processes=1), lambda: _greet(f"http://{host}:{port}/")
        )


def _fill(chosen: Settings, cases: int) -> None:
    from engine.runtime.starting import start_up
    from workflows.bootstrap import build_runtime
    from workflows.demo import is_loaded, load_demo

    runtime = build_runtime(chosen)
    start_up(runtime)
    if not is_loaded(runtime):
        click.echo(f"Preparing the city with {cases} cases; this happens once and takes a minute.")
        load_demo(runtime, cases=cases)
    runtime.database.dispose()


def _greet(address: str) -> None:
    from workflows.demo import DEMO_PASSWORD, LOGINS

    click.echo(f"Citizens: {address}   Staff: {address}sign-in   Password of everybody: {DEMO_PASSWORD}")
    for one in LOGINS:
        click.echo(f"  {one.login:28} {one.name} {one.role} {one.region}")
    click.echo("End with Ctrl-C.")
