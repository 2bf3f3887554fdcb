"""How long answers take, route by route, and the connections to the database: what a process knows of itself."""

from __future__ import annotations

import time
from pathlib import Path

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Gauge, Histogram
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from web.context import runtime
from web.request_log import UNTOLD, method, route

# From a static file to a request that gives up; most answers lie between 5 ms and 50 ms.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Meter:
    """The figures of one process; with ``folder`` those of every process that writes there are told together."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._own = CollectorRegistry()
        self._seconds = Histogram(
            "doudi_http_request_seconds", "Time from request to answer", ("method", "route", "status"),
            buckets=_BUCKETS, registry=self._own,
        )  # fmt: skip
        self._used = Gauge(
            "doudi_database_connections_used", "Connections to the database in use", registry=self._own,
            multiprocess_mode="livesum",
        )  # fmt: skip
        self._most = Gauge(
            "doudi_database_connections_most", "Connections to the database allowed", registry=self._own,
            multiprocess_mode="livesum",
        )  # fmt: skip

    def register(self, registry: CollectorRegistry) -> None:
        """Let a registry collect these figures, too."""
        self._note_connections()
        if self._folder is None:
            registry.register(self._own_collector())
        else:
            MultiProcessCollector(registry, str(self._folder))  # type: ignore[no-untyped-call]  # the library leaves it untyped

    def install(self, app: Flask) -> None:
        """Measure every request of the application but those of monitoring itself."""

        def end(response: Response) -> Response:
            if request.endpoint not in UNTOLD:
                status = f"{response.status_code // 100}xx"
                self._seconds.labels(method(), route(), status).observe(time.perf_counter() - g.began)
                self._note_connections()
            return response

        app.after_request(end)

    def _note_connections(self) -> None:
        used, most = runtime().database.connections()
        self._used.set(used)
        self._most.set(most)

    def _own_collector(self) -> Collector:
        own = self._own

        class Own(Collector):
            collect = staticmethod(own.collect)

        return Own()
