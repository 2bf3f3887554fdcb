"""``doudi serve``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import click

from web.cli.environment import settings, share_metrics


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="Threads per process.")
@click.option(
    "--processes", default=1, show_default=True, type=click.IntRange(1, 32), help="Processes; PostgreSQL only."
)
@click.option("--worker/--no-worker", default=True, show_default=True, help="Run due jobs inside the web process.")
def serve(host: str, port: int, threads: int, processes: int, worker: bool) -> None:
    """Bring the database up to date and serve the web pages."""
    from engine.runtime.starting import start_up
    from web.cli.server import options, serve_forever
    from workflows.bootstrap import build_runtime

    role = "web and worker" if worker else "web"
    chosen = replace(settings(worker=worker, role=role), threads=threads)
    if processes > 1 and chosen.database_url.startswith("sqlite"):
        raise click.UsageError("Expected one process with SQLite; set DOUDI_DATABASE_URL to PostgreSQL for more.")
    runtime = build_runtime(chosen)
    start_up(runtime)
    runtime.database.dispose()
    address = f"http://{host}:{port}/"
    serve_forever(
        share_metrics(chosen, Path(mkdtemp(prefix="doudi-metrics-"))) if processes > 1 else chosen,
        options(f"{host}:{port}", threads=threads, processes=processes),
        lambda: click.echo(f"Serving on {address}"),
    )
