"""The folders and files named on the command line, as processes of a library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from engine.bundle import Library, read_library, read_upload


@dataclass(frozen=True)
class Named:
    """Some processes of one library; ``folder`` is where their files are named from."""

    library: Library
    processes: tuple[str, ...]
    folder: Path
    everything: bool = False

    def place(self, process: str) -> str:
        """Return the folder of a process as it was named."""
        return str(self.folder / process) if self.folder.name != process else str(self.folder)


def named(path: Path, library: Path) -> Named:
    """Return the processes at a path: a whole library, one folder of it, or a single diagram.

    A folder or diagram outside a library is read beside the processes of ``library``. Raises click.UsageError for a
    path that is none of these, FileError for a diagram without an executable process.
    """
    if path.is_dir() and (path / "roles.yaml").exists():
        found = read_library(path)
        return Named(found, tuple(found.folders), path, everything=True)
    if path.is_dir() and (path.parent / "roles.yaml").exists():
        return Named(read_library(path.parent), (path.resolve().name,), path.parent)
    if not path.exists() or not library.exists():
        raise click.UsageError(f"Expected a process folder, a diagram or a library, but {path} is none.")
    process, files = read_upload(_files(path))
    return Named(read_library(library).with_folder(process, files), (process,), path)


def _files(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {path.name: path.read_bytes()}
    inside = (file for file in sorted(path.rglob("*")) if file.is_file() and not file.name.startswith("."))
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in inside}
