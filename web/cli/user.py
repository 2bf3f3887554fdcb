"""``doudi user add``."""

from __future__ import annotations

import click

from web.cli.environment import settings
from web.cli.grants import grant_of


@click.group()
def user() -> None:
    """Manage people who sign in."""


@user.command()
@click.argument("login")
@click.option("--name", required=True, help="The person's name as shown on pages.")
@click.option("--grant", "grants", multiple=True, required=True, metavar="ROLE[@REGION]",
              help="A role and the region prefix it holds in; repeat for more. Without a region: the whole city.")  # fmt: skip
@click.option("--phone", default=None, help="Mobile number for alerts.")
@click.password_option(help="Asked for when not given.")
def add(login: str, name: str, grants: tuple[str, ...], phone: str | None, password: str) -> None:
    """Add the person LOGIN."""
    from engine.commands.add_person import add_person
    from engine.model import SYSTEM
    from engine.runtime.starting import expect_ready
    from workflows.bootstrap import build_runtime

    runtime = build_runtime(settings(worker=False))
    expect_ready(runtime)
    with runtime.write() as transaction:
        key = add_person(
            runtime, transaction, SYSTEM, login=login, name=name, password=password, phone=phone,
            grants=tuple(grant_of(text) for text in grants),
        )  # fmt: skip
    click.echo(f"Added {login} ({key}).")
