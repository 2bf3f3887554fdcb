"""A process with all it calls, ready to run: frozen specs shared by every case of a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.spiff.definition import ScopeSpec
from engine.spiff.freeze import fingerprint


@dataclass(frozen=True)
class Program:
    """What ``build`` returns; ``entry`` is the id of the process a case starts with."""

    entry: str
    process_ids: tuple[str, ...]
    definitions: Mapping[str, ScopeSpec]

    def fingerprint(self) -> str:
        """Return a hash that changes if anything in the definitions does."""
        return fingerprint(self.definitions)
