"""``/metrics``: figures for a monitoring system in the text format of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from flask import Response, current_app, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from engine.access import may_anywhere
from engine.queries.gauges import Counts, Gauges, gauges
from engine.queries.status import Status
from engine.queries.tokens import program
from web.api.reading import read_secret
from web.context import runtime, tx, visitor
from web.meter import Meter


def metrics() -> Response:
    """Return the figures, to allowed addresses and to whoever may see the status; 401 to others."""
    if not _may_look():
        return Response("Expected a token that may see the status.\n", 401, {"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    registry.register(_Figures(gauges(runtime(), tx())))
    meter: Meter = current_app.extensions["meter"]
    meter.register(registry)
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(registry), content_type=content_type)


def _may_look() -> bool:
    if _is_near(request.remote_addr or ""):
        return True
    secret = read_secret()
    found = program(tx(), secret, request.remote_addr or "") if secret else None
    asking = found.actor if found else visitor()
    return asking is not None and may_anywhere(runtime().published(tx()).roles, asking, "operate")


def _is_near(address: str) -> bool:
    try:
        asking = ip_address(address)
    except ValueError:
        return False
    return any(asking in ip_network(network) for network in runtime().settings.metrics_from)


class _Figures(Collector):
    def __init__(self, found: Gauges) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        found = self._found
        status = found.status
        yield _gauge(
            "info", "Version and name of the node that answers", {(status.version, status.me): 1}, "version", "node"
        )
        yield from _of_nodes(status)
        yield _gauge("cases", "Cases by process and state", found.cases, "process", "state")
        yield _gauge("tasks_open", "Open user tasks by process", found.tasks_open, "process")
        yield _gauge("tasks_overdue", "Open user tasks past their due time by process", found.tasks_overdue, "process")
        yield _gauge("jobs", "Jobs not done by state", _jobs(found), "state")
        yield _gauge("incidents_open", "Open incidents by kind", found.incidents, "kind")
        timers = {("waiting",): status.timers_waiting, ("due",): status.timers_due}
        yield _gauge("timers", "Timers and timed starts by state", timers, "state")
        oldest = status.oldest_due.timestamp() if status.oldest_due else 0
        yield _gauge("oldest_due_timestamp_seconds", "When the oldest of what is due was due, 0 for none", {(): oldest})
        yield _gauge("due_lag_seconds", "How late the oldest of what is due is", {(): status.lag_seconds})
        yield _gauge("messages", "Messages kept by state", found.messages, "state")
        yield _gauge(
            "deliveries", "Messages and signals on their way to one receiver by state", found.deliveries, "state"
        )
        yield _gauge("database_bytes", "Size of the database", {(): status.database_bytes})


def _of_nodes(status: Status) -> Iterator[Metric]:
    alive = {(node.id, node.role, node.version): int(node.alive) for node in status.nodes}
    yield _gauge("node_alive", "1 for a node that gave a sign of life lately, else 0", alive, "node", "role", "version")


def _jobs(found: Gauges) -> Counts:
    queues = found.status.queues
    return {
        ("waiting",): queues.waiting, ("due",): queues.due, ("queued",): queues.queued, ("running",): queues.running,
        ("failed",): queues.failed, ("offered",): found.jobs_offered, ("locked",): found.jobs_locked,
    }  # fmt: skip


def _gauge(name: str, meaning: str, values: Mapping[Any, float], *labels: str) -> Metric:
    family = GaugeMetricFamily(f"doudi_{name}", meaning, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family
