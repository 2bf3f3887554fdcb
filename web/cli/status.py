"""``doudi status``."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from web.cli.environment import settings

if TYPE_CHECKING:
    from engine.queries.status import Status


@click.command()
@click.option("--json", "as_data", is_flag=True, help="Print every figure as JSON.")
def status(as_data: bool) -> None:
    """Tell how the installation is: nodes, queues, how late, incidents, size.

    Exit code 1 when something needs attention.
    """
    from engine.queries.status import status as ask
    from engine.runtime.starting import expect_legible
    from workflows.bootstrap import build_runtime

    runtime = build_runtime(settings(worker=False))
    expect_legible(runtime)
    with runtime.read() as transaction:
        found = ask(runtime, transaction)
    if as_data:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2, default=_plain))
    else:
        click.echo("\n".join(lines(found, runtime.settings.language)))
    raise SystemExit(1 if found.attention else 0)


def lines(found: Status, language: str) -> list[str]:
    """Return the figures as lines to read, what needs attention last."""
    queues = found.queues
    words = [
        f"{'version':14}{found.version}",
        *(_node(node) for node in found.nodes),
        f"{'jobs':14}{queues.waiting} waiting, {queues.due} due, {queues.queued} queued, {queues.running} running, "
        f"{queues.failed} failed",
        f"{'timers':14}{found.timers_waiting} waiting, {found.timers_due} due",
        f"{'lag':14}{found.lag_seconds:.0f} s{_since(found.oldest_due)}",
        f"{'incidents':14}{found.incidents_open} open{_since(found.oldest_incident)}",
        f"{'cases':14}{found.cases_open} open",
        f"{'database':14}{found.database}, {found.database_bytes / 1_000_000:.1f} MB",
        *(f"{'note':14}{sentence.in_language(language)}" for sentence in found.notes),
        *(f"{'attention':14}{sentence.in_language(language)}" for sentence in found.attention),
    ]
    return words if found.attention else [*words, "Nothing needs attention."]


def _node(node: Any) -> str:
    state = "alive" if node.alive else "LOST"
    return f"{'node':14}{node.id} ({node.role or '?'}, {node.version}) {state}, seen {node.seen_at:%Y-%m-%d %H:%M:%S}"


def _since(moment: datetime | None) -> str:
    return f", oldest of {moment:%Y-%m-%d %H:%M:%S}" if moment else ""


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"Expected a moment, but got {type(value).__name__}.")
