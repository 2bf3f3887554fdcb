"""Checks roles and regions that somebody is to be given."""

from __future__ import annotations

from engine.errors import Text
from engine.model import Grant
from engine.runtime import Runtime
from engine.store.transaction import Transaction


def check_grants(runtime: Runtime, transaction: Transaction, grants: tuple[Grant, ...]) -> dict[str, Text]:
    """Return a sentence under ``grants`` when a role or a region is unknown, else nothing."""
    roles = runtime.published(transaction).roles
    problems: dict[str, Text] = {}
    for grant in grants:
        if grant.role not in roles:
            problems["grants"] = Text(
                f"没有岗位「{grant.role}」。", f"Expected a role of roles.yaml, not “{grant.role}”."
            )
        elif grant.region and not runtime.regions.exists(grant.region):
            problems["grants"] = Text(
                f"没有地区「{grant.region}」。", f"Expected a known region, not “{grant.region}”."
            )
    return problems
