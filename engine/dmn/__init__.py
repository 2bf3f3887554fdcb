"""Decision tables and expressions of DMN 1.1 to 1.5, on FEEL alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.dmn.assembling import assemble
from engine.dmn.errors import Complaints, DmnError
from engine.dmn.linking import File
from engine.dmn.model import DecisionInfo, Model
from engine.dmn.reading import read
from engine.dmn.soundness import check_imports, check_parts

__all__ = ["DecisionInfo", "DmnError", "Model", "load"]


def load(main: bytes, *imported: bytes, file: str = "decision.dmn", names: Iterable[str] = ()) -> Model:
    """Return the model of a decision file and those it imports, compiled.

    ``names`` are variables in scope that the file does not declare (needed for names with spaces).
    Raises DmnError with a finding for everything that cannot be executed faithfully.
    """
    files = [_read(data, file if number == 0 else f"{file}#{number}") for number, data in enumerate((main, *imported))]
    check_imports(files)
    assembled = assemble(files, names)
    check_parts(files, assembled.parts)
    _raise_if_any(files)
    return Model(assembled)


def _read(data: bytes, file: str) -> File:
    complaints = Complaints(file)
    return File(read(data, complaints), complaints)


def _raise_if_any(files: Sequence[File]) -> None:
    findings = [finding for file in files for finding in file.complaints.findings]
    if findings:
        raise DmnError(findings)
