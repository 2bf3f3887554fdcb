"""``doudi audit verify``."""

from __future__ import annotations

import json

import click

from web.cli.environment import settings


@click.group()
def audit() -> None:
    """Examine the record of who did what."""


@audit.command()
@click.option("--json", "as_data", is_flag=True, help="Print the broken links as JSON.")
def verify(as_data: bool) -> None:
    """Recompute the hash chains; exit code 1 when an entry was changed, inserted or removed."""
    from engine.runtime.starting import expect_ready
    from engine.store.audit import broken_links
    from workflows.bootstrap import build_runtime

    runtime = build_runtime(settings(worker=False))
    expect_ready(runtime)
    with runtime.read() as transaction:
        broken = list(broken_links(transaction))
    if as_data:
        click.echo(json.dumps([{"chain": one.chain, "sequence": one.sequence} for one in broken], indent=2))
    else:
        for one in broken:
            click.echo(f"{one.chain} entry {one.sequence} does not fit the chain")
        click.echo(f"{len(broken)} broken links." if broken else "Every chain is whole.")
    raise SystemExit(1 if broken else 0)
