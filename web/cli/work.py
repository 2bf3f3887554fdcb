"""``doudi work``."""

from __future__ import annotations

import signal
import threading

import click

from web.cli.environment import own_node, settings


@click.command()
def work() -> None:
    """Run due jobs in a process of their own, beside web processes started with --no-worker (PostgreSQL)."""
    from engine.jobs import Worker
    from engine.runtime.collecting import collect_seldom
    from engine.runtime.starting import start_up
    from web.cli.logs import set_up
    from workflows.bootstrap import build_runtime

    chosen = settings(role="worker")
    if chosen.database_url.startswith("sqlite"):
        raise click.UsageError("Expected PostgreSQL; with SQLite the jobs run inside `doudi serve`.")
    runtime = build_runtime(own_node(chosen))
    set_up(runtime.settings.node)
    start_up(runtime)
    collect_seldom()
    worker = Worker(runtime)
    worker.start()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    click.echo("Working. End with Ctrl-C.")
    stopped.wait()
    worker.stop()
