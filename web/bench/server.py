"""The real server with one thing added: every answer tells what it cost."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wsgi import ClosingIterator

from engine.store.counting import Counter, counting
from web.cli.environment import settings
from web.cli.server import Server, options

THREADS = 8
CPU, STATEMENTS, COMMITS, MEMORY = "X-Cpu-Ns", "X-Statements", "X-Commits", "X-Peak-Kb"
StartResponse = Callable[..., Any]


class MeasuredServer(Server):
    """Serves the application with the cost of each request in its headers."""

    def load(self) -> Any:
        """Return the WSGI application of the one worker process, measured."""
        application = super().load()
        return measured(application, counting(application.extensions["runtime"].database))


def measured(application: Any, counter: Counter) -> Any:
    """Return the application; answers carry what they cost since the answer before was sent.

    That is CPU time of the process, statements and commits, and the peak memory so far.
    """
    sent = time.process_time_ns()

    def call(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        counter.take()

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            counts = counter.take()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            told = {
                CPU: time.process_time_ns() - sent, STATEMENTS: counts.statements, COMMITS: counts.commits,
                MEMORY: peak,
            }  # fmt: skip
            return start_response(status, [*headers, *((name, str(value)) for name, value in told.items())], *rest)

        def note_sent() -> None:
            nonlocal sent
            sent = time.process_time_ns()

        return ClosingIterator(application(environ, start), [note_sent])

    return call


def main(port: int) -> None:
    """Serve on the port until a signal ends the process."""
    MeasuredServer(settings(), options(f"127.0.0.1:{port}", threads=THREADS, processes=1)).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
