"""The files of deployed versions, compiled once for all versions that hold the same file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from engine.diagram import read
from engine.diagram.tree import Diagram
from engine.dmn import Model, load_among
from engine.documents import DocumentTemplate, compile_document
from engine.forms import Form, compile_form
from engine.model import Role

KEPT = 1024


def diagram(data: bytes, file: str, roles: Mapping[str, Role]) -> Diagram:
    """Return the diagram of a file. Raises DiagramError as ``read`` does."""
    return _diagram(data, file, tuple(roles.items()))


@lru_cache(maxsize=KEPT)
def _diagram(data: bytes, file: str, roles: tuple[tuple[str, Role], ...]) -> Diagram:
    return read(data, file, dict(roles))


@lru_cache(maxsize=KEPT)
def form(data: bytes, file: str) -> Form:
    """Return the form of a file. Raises FormError."""
    return compile_form(data, file=file)


@lru_cache(maxsize=KEPT)
def document(data: bytes, file: str, names: frozenset[str]) -> DocumentTemplate:
    """Return the notice of a file whose expressions may read ``names``. Raises DocumentError."""
    return compile_document(data, file, names)


@lru_cache(maxsize=KEPT)
def tables(data: bytes, file: str, others: tuple[tuple[str, bytes], ...], names: frozenset[str]) -> Model:
    """Return the decisions of a file and of those of the others that it imports. Raises DmnError."""
    return load_among(file, data, others, names)
