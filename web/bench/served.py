"""A measured server in a process of its own, on a database of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from socket import socket

from web.bench.browser import Browser

_READY_SECONDS = 60.0


def fresh_environment(folder: Path, address: str | None = None) -> dict[str, str]:
    """Return the environment of a server whose key, and unless ``address`` names one whose database, is in the folder."""
    key = folder / "master.key"
    key.write_bytes(os.urandom(32))
    key.chmod(0o600)
    named = {} if address is None else {"DOUDI_DATABASE_URL": address}
    return {"DOUDI_DATA": str(folder), "DOUDI_MASTER_KEY_FILE": str(key), **named}


@contextmanager
def served(environment: dict[str, str]) -> Iterator[str]:
    """Yield the address of a measured server in a process of its own, gone afterwards."""
    with served_process(environment) as (address, _server):
        yield address


@contextmanager
def served_process(environment: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Yield the address of a measured server and its process, which the measurement may kill."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "web.bench.server", str(port)]
    log = Path(environment["DOUDI_DATA"]) / "server.log"
    with log.open("wb") as told:
        # A group of its own: the server's worker process is to go with it.
        server = subprocess.Popen(command, env=os.environ | environment, stderr=told, start_new_session=True)
        try:
            _wait(server, f"http://127.0.0.1:{port}", log)
            yield f"http://127.0.0.1:{port}", server
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until and server.poll() is None:
        browser = Browser(address)
        try:
            if browser.get("/health").status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
        finally:
            browser.close()
    raise RuntimeError(f"Expected the server to answer within a minute, but it does not: {log.read_text()[-2000:]}")
