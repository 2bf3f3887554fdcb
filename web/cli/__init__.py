"""The console script ``doudi``: exit codes 0 (fine), 1 (findings), 2 (usage)."""

from __future__ import annotations

from importlib import import_module

import click

from engine.errors import Invalid, ModelError, Rejected

# name -> module of this package; imported only when used, so that --help answers at once.
COMMANDS = (
    "serve", "work", "demo", "check", "deploy", "export", "rehearse", "feel", "bench", "user", "token", "audit",
    "status", "backup", "restore", "rotate-key",
)  # fmt: skip


class Commands(click.Group):
    """Subcommands, one module each."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order they are used."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return one subcommand, None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        found: click.Command = getattr(import_module(f"web.cli.{name}"), name)
        return found

    def invoke(self, ctx: click.Context) -> object:
        """Return the subcommand's result; a rejection becomes its sentences and exit code 1."""
        try:
            return super().invoke(ctx)
        except (Rejected, ModelError) as error:
            fields = error.fields.values() if isinstance(error, Invalid) else ()
            for sentence in (error.message, *fields):
                click.echo(f"{sentence.zh}\n{sentence.en}", err=True)
            ctx.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="doudi")
def main() -> None:
    """Run social assistance processes that are their diagrams.

    Settings come from the environment: DOUDI_DATA (folder, default var), DOUDI_DATABASE_URL (default SQLite in that
    folder), DOUDI_LIBRARY (folder of processes, default bpmn), DOUDI_MASTER_KEY_FILE, DOUDI_LANGUAGE (zh or en),
    DOUDI_DEPARTMENTS_URL, DOUDI_SECURE_COOKIES (yes behind https), DOUDI_METRICS_FROM (networks that
    see /metrics without a token), DOUDI_MOST_HOPS (how many cases in a row may set each other off within the hour,
    default 1000).

    Exit codes: 0 fine, 1 findings, 2 usage.
    """
