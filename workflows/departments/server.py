"""Serves the departments over real HTTP, in a thread of the demo or the tests, or as a process of their own."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from workflows.departments.ledger import Ledger
from workflows.departments.queries import Queries
from workflows.departments.requests import DROP_CONNECTION
from workflows.departments.site import Site

DEFAULT_PORT = 8081


class Server(ThreadingMixIn, WSGIServer):
    """A server on this machine alone."""

    daemon_threads = True

    def __init__(self, site: Site, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.site = site
        self.set_app(site)

    @property
    def url(self) -> str:
        """Return where the server listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about connections that this simulator breaks on purpose; report the rest."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(WSGIRequestHandler):
    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ[DROP_CONNECTION] = self._drop
        return environ

    def log_message(self, format: str, *args: Any) -> None:
        """Write no log: requests hold names and accounts."""

    def _drop(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def serve(path: Path, port: int = 0, slow_seconds: float = 20.0) -> Iterator[Server]:
    """Yield a running server that remembers in ``path``; port 0 takes a free one."""
    ledger, queries = Ledger(path), Queries(path)
    server = Server(Site(ledger, queries, slow_seconds), port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.site.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
        queries.close()
        ledger.close()
