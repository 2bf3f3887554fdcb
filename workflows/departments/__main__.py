"""Run the departments as a process: ``python -m workflows.departments FILE [PORT]``."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from workflows.departments.server import DEFAULT_PORT, serve


def main(arguments: list[str]) -> int:
    """Return the exit code after serving until interrupted."""
    if not 1 <= len(arguments) <= 2:
        sys.stderr.write("usage: python -m workflows.departments FILE [PORT]\n")
        return 2
    port = int(arguments[1]) if len(arguments) == 2 else DEFAULT_PORT
    with serve(Path(arguments[0]), port) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
