"""``doudi token``."""

from __future__ import annotations

import click

from web.cli.environment import settings
from web.cli.grants import grant_of


@click.group()
def token() -> None:
    """Manage tokens with which programs sign in."""


@token.command()
@click.argument("name")
@click.option("--login", default="", help="The person the program acts as; leave out for a worker.")
@click.option("--grant", "grants", multiple=True, metavar="ROLE[@REGION]",
              help="A role of the worker and the region prefix it holds in; repeat for more.")  # fmt: skip
@click.option("--days", default=365, show_default=True, type=click.IntRange(1), help="How long the token is valid.")
def add(name: str, login: str, grants: tuple[str, ...], days: int) -> None:
    """Add the token NAME and print it; it cannot be shown again."""
    from engine.commands.add_token import add_token
    from engine.model import SYSTEM
    from workflows.bootstrap import build_runtime

    runtime = build_runtime(settings(worker=False))
    with runtime.write() as transaction:
        added = add_token(
            runtime, transaction, SYSTEM, name=name, days=days, login=login,
            grants=tuple(grant_of(text) for text in grants),
        )  # fmt: skip
    click.echo(added.secret)
    click.echo(
        f"Added {name} ({added.key}), valid until {added.expires_at:%Y-%m-%d}; keep it, it is shown once.", err=True
    )


@token.command("list")
def list_() -> None:
    """List the tokens: key, name, whose it is, until when it is valid, when it was last used."""
    from engine.model import SYSTEM
    from engine.queries.tokens import token_list
    from workflows.bootstrap import build_runtime

    runtime = build_runtime(settings(worker=False))
    with runtime.read() as transaction:
        for line in token_list(runtime, transaction, SYSTEM):
            used = f"{line.used_at:%Y-%m-%d %H:%M}" if line.used_at else "never"
            whose = line.holder or " ".join(f"{grant.role}@{grant.region}" for grant in line.grants)
            click.echo(f"{line.key}  {line.name}  {whose}  {line.state} {line.expires_at:%Y-%m-%d}  used {used}")


@token.command()
@click.argument("key", type=int)
def revoke(key: int) -> None:
    """Make the token with this KEY void at once."""
    from engine.commands.revoke_token import revoke_token
    from engine.model import SYSTEM
    from workflows.bootstrap import build_runtime

    runtime = build_runtime(settings(worker=False))
    with runtime.write() as transaction:
        revoke_token(runtime, transaction, SYSTEM, token=key)
    click.echo(f"Revoked {key}.")
