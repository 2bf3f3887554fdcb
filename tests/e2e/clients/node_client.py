"""Installs the official Node client below the virtual environment and starts programs that use it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from tests import npm

HERE = Path(__file__).parent
_PROGRAMS = ("carrier.mjs", "publisher.mjs")


def start(program: str, configuration: dict[str, str]) -> subprocess.Popen[str]:
    """Return the running program; it ends when its input does."""
    own = npm.install(HERE, "node-client", _PROGRAMS)
    environment = {**os.environ, **configuration}
    return subprocess.Popen(
        [npm.NODE, own / program], cwd=own, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def answer(program: str, configuration: dict[str, str], *given: str) -> dict[str, str]:
    """Return the JSON that the program prints before it ends."""
    own = npm.install(HERE, "node-client", _PROGRAMS)
    environment = {**os.environ, **configuration}
    done = subprocess.run(
        [npm.NODE, own / program, *given], cwd=own, env=environment, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found
