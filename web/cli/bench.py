"""``doudi bench``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


@click.command()
@click.argument(
    "name",
    metavar="NAME",
    type=click.Choice(
        ["completion", "history", "fanout", "jobs", "messages", "timers", "feel", "payments", "sweep", "comparison"]
    ),
)
@click.option("--json", "as_data", is_flag=True, help="Print {name, figures, machine} as JSON.")
@click.option("--cases", default=30, show_default=True, type=click.IntRange(1, 10_000), help="Cases of `completion`.")
@click.option(
    "--rounds", default=10_000, show_default=True, type=click.IntRange(1000, 100_000), help="Rounds of `history`."
)
@click.option("--items", default=5000, show_default=True, type=click.IntRange(10, 5000), help="Items of `fanout`.")
@click.option("--jobs", default=300, show_default=True, type=click.IntRange(20, 100_000), help="Jobs of `jobs`.")
@click.option(
    "--waiting", default=100_000, show_default=True, type=click.IntRange(10, 1_000_000), help="Cases of `messages`."
)
@click.option("--timers", default=10_000, show_default=True, type=click.IntRange(2, 1_000_000), help="Of `timers`.")
@click.option(
    "--recipients", default=170_000, show_default=True, type=click.IntRange(600, 1_000_000), help="Of `payments`."
)
@click.option("--kills", default=5, show_default=True, type=click.IntRange(0, 50), help="Of `payments`, while it pays.")
@click.option(
    "--people", default=50_000, show_default=True, type=click.IntRange(1100, 1_000_000), help="Of `comparison`."
)
@click.option(
    "--households", default=100_000, show_default=True, type=click.IntRange(200, 1_000_000), help="Of `sweep`."
)
@click.option(
    "--database", metavar="URL",
    help="An empty database instead of a new SQLite file; not for `completion`, `history` and `feel`.",
)  # fmt: skip
def bench(name: str, as_data: bool, database: str | None, **sizes: int) -> None:
    """Measure NAME on this machine, in a database of its own.

    `completion`: what completing a user task costs through real HTTP. `history`: whether a step of a long case costs
    what a step of a short one costs. `fanout`: what one item costs among thousands, all at once and in sequence.
    `jobs`: what a remote job costs, taken and answered by an outside worker over HTTP, and asked by our own worker.
    `messages`: whether a message finds its case among many that wait as fast as among few. `timers`: how many are caught
    up in a second when all are due at once. `feel`: what expressions and a table of 400 rules cost, evaluated and compiled.
    `payments`: a month's payment run of a whole city, with planted exceptions, a bank that loses, drops, doubles and
    delays over HTTP, and a paying process that is killed. `sweep`: a quarter's sweep of a whole city,
    its server killed on the way, and what pages take meanwhile. `comparison`: a month's comparison of
    the disability subsidies, with planted wrong and missed payments.
    """
    from web.bench.figures import report

    found = report(name, _figures(name, database, sizes))
    click.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_data else "\n".join(_lines(found)))


def _figures(name: str, database: str | None, sizes: Mapping[str, int]) -> dict[str, Any]:
    """Return what the measurement of this name found; each is imported only when it is asked for."""
    from engine.runtime.collecting import collect_seldom

    measure = import_module(f"web.bench.{name}").measure
    given = {
        "completion": (sizes["cases"],), "history": (sizes["rounds"],), "fanout": (sizes["items"], database),
        "jobs": (sizes["jobs"], database), "messages": (sizes["waiting"], database),
        "timers": (sizes["timers"], database), "feel": (),
        "payments": (sizes["recipients"], database, sizes["kills"]),
        "sweep": (sizes["households"], database),
        "comparison": (sizes["people"], database),
    }[name]  # fmt: skip
    # As a process that serves or works does.
    collect_seldom()
    found: dict[str, Any] = measure(*given)
    return found


def _lines(found: dict[str, Any], indent: str = "") -> list[str]:
    lines: list[str] = []
    for name, value in found.items():
        if isinstance(value, dict) and "median" not in value:
            lines += [f"{indent}{name}", *_lines(value, f"{indent}  ")]
        elif isinstance(value, dict):
            lines.append(f"{indent}{name}: {value['median']} ({value['p25']}–{value['p75']}, max {value['max']})")
        else:
            lines.append(f"{indent}{name}: {value}")
    return lines
