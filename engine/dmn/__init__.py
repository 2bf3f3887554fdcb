"""Decision tables and expressions of DMN 1.1 to 1.5, on FEEL alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.dmn.assembling import assemble
from engine.dmn.errors import Complaints, DmnError
from engine.dmn.linking import File
from engine.dmn.model import DecisionInfo, Model
from engine.dmn.reading import read
from engine.dmn.soundness import check_imports, check_names, check_parts

__all__ = ["DecisionInfo", "DmnError", "Model", "load", "load_among"]


def load(main: bytes, *imported: bytes, file: str = "decision.dmn", names: Iterable[str] = ()) -> Model:
    """Return the model of a decision file and those it imports, compiled.

    ``names`` are variables in scope that the file does not declare (needed for names with spaces).
    Raises DmnError with a finding for everything that cannot be executed faithfully.
    """
    named = [(file, main), *((f"{file}#{number}", data) for number, data in enumerate(imported, 1))]
    return _assembled([_read(data, name) for name, data in named], names)


def load_among(file: str, data: bytes, others: Iterable[tuple[str, bytes]], names: Iterable[str] = ()) -> Model:
    """Return the model of a decision file with those among the others that it imports, compiled.

    Raises DmnError as ``load`` does; a finding names the file it is in.
    """
    main = _read(data, file)
    if not main.definitions.imports:
        return _assembled([main], names)
    readable = [found for name, other in others if other != data and (found := _readable(name, other))]
    present = {found.definitions.namespace: found for found in reversed(readable)}
    needed: dict[str, File] = {}
    waiting = [main]
    while waiting:
        for item in waiting.pop().definitions.imports:
            if item.namespace in present and item.namespace not in needed:
                needed[item.namespace] = present[item.namespace]
                waiting.append(present[item.namespace])
    return _assembled([main, *needed.values()], names)


def _readable(name: str, data: bytes) -> File | None:
    """A file that cannot be read is told about when its own turn comes."""
    try:
        return _read(data, name)
    except DmnError:
        return None


def _read(data: bytes, file: str) -> File:
    complaints = Complaints(file)
    return File(read(data, complaints), complaints)


def _assembled(files: Sequence[File], names: Iterable[str]) -> Model:
    check_imports(files)
    check_names(files)
    assembled = assemble(files, names)
    check_parts(files, assembled.parts)
    findings = [finding for file in files for finding in file.complaints.findings]
    if findings:
        raise DmnError(findings)
    return Model(assembled)
