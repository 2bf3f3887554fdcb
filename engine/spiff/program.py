"""A process with all it calls, ready to run: frozen specs shared by every case of a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.spiff.ahead import Ahead, Paths
from engine.spiff.definition import ScopeSpec
from engine.spiff.freeze import fingerprint


@dataclass(frozen=True)
class Program:
    """What ``build`` returns; ``entry`` is the id of the process a case starts with."""

    entry: str
    process_ids: tuple[str, ...]
    definitions: Mapping[str, ScopeSpec]
    _paths: Paths = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_paths", Paths(self.definitions))

    def reads(self, process: str, element: str) -> frozenset[str]:
        """Return the variable names that may be needed from this wait point until the next ones.

        ``*`` among them means that everything in sight will be copied. Decisions and local services read more: see
        ``ahead``.
        """
        return self._paths.ahead(process, element).names

    def ahead(self, process: str, element: str) -> Ahead:
        """Return the names, decisions and service types that may be needed until the next wait points."""
        return self._paths.ahead(process, element)

    def fingerprint(self) -> str:
        """Return a hash that changes if anything in the definitions does."""
        return fingerprint(self.definitions)
