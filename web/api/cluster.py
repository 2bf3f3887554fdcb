"""The installation as programs see it: its nodes, whether it works, and who one is."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

import msgspec
from flask import g

from engine.queries.tokens import SignedInProgram
from engine.store import nodes
from web.api.operation import SIGNED_IN, Operation
from web.api.shapes import TENANT, Answer
from web.context import tx


class Partition(Answer):
    """All data is one partition that every node leads: the database keeps them apart."""

    partition_id: int = 1
    role: str = "leader"
    health: str = "healthy"
    state: str = "active"


class Broker(Answer):
    """A process that runs jobs."""

    node_id: int
    broker_id: str
    host: str
    port: int
    partitions: list[Partition]
    version: str


class Topology(Answer):
    """The nodes that are alive."""

    brokers: list[Broker]
    cluster_id: str | None
    cluster_size: int
    partitions_count: int
    replication_factor: int
    gateway_version: str
    last_completed_change_id: str


class TenantResult(Answer):
    """The one tenant of an installation."""

    tenant_id: str = TENANT
    name: str = "Default"
    description: str | None = None


class CurrentUser(Answer):
    """Who the token stands for; roles are those of the person or the worker."""

    username: str
    display_name: str | None
    email: str | None = None
    authorized_components: list[str] = msgspec.field(default_factory=list)
    tenants: list[TenantResult] = msgspec.field(default_factory=lambda: [TenantResult()])
    groups: list[str] = msgspec.field(default_factory=list)
    roles: list[str] = msgspec.field(default_factory=list)
    sales_plan_type: str | None = None
    c8_links: dict[str, str] = msgspec.field(default_factory=dict, name="c8Links")
    can_logout: bool = False


def get_topology() -> Topology:
    """Return the nodes that are alive."""
    names = sorted(nodes.alive(tx()))
    brokers = [
        Broker(
            node_id=at, broker_id=name, host=name, port=0, partitions=[Partition()], version=_version()
        )
        for at, name in enumerate(names)
    ]  # fmt: skip
    return Topology(
        brokers=brokers,
        cluster_id=None,
        cluster_size=len(brokers),
        partitions_count=1,
        replication_factor=1,
        gateway_version=_version(),
        last_completed_change_id="-1",
    )


def get_status() -> None:
    """Return nothing: that there is an answer says the database answers."""
    nodes.alive(tx())


def get_authentication() -> CurrentUser:
    """Return who the token stands for."""
    known: SignedInProgram = g.program
    roles = sorted({grant.role for grant in known.actor.grants})
    return CurrentUser(username=known.login, display_name=known.actor.name, groups=roles, roles=roles)


@cache
def _version() -> str:
    return version("doudi")


OPERATIONS = (
    Operation("GET", "/topology", get_topology, SIGNED_IN, answer=Topology),
    Operation("GET", "/status", get_status, SIGNED_IN),
    Operation("GET", "/authentication/me", get_authentication, SIGNED_IN, answer=CurrentUser),
)
