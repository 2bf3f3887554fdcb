"""One operation of the interface for programs: its address, what it takes and gives, and who may use it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from flask import Response

SIGNED_IN = "signed in"
# What a repeated request must not be answered from memory: a second activation is meant to bring other jobs.
_NEVER_REPEATED = frozenset({"activate_jobs"})
_LONG = frozenset({"form_key", "decision_definition_key", "decision_requirements_key", "variable_key"})
MOST_OF_KEY, MOST_OF_LONG_KEY = 2**63 - 1, 10**25 - 1


@dataclass(frozen=True)
class Operation:
    """A line of the table that routes, checks, reads and documents; the view's name is the operation's id.

    ``needs`` is an action of ``engine.access``. ``body`` is a msgspec struct, ``answer`` one too, or the media type of
    a text; without an answer the response is empty. ``alone`` operations open transactions of their own. ``parameters``
    are read beside the body: name -> ``header`` or ``query``. ``after`` takes the body and the answer of a committed
    transaction, and gives the answer that is sent.
    """

    method: str
    path: str
    view: Callable[..., Any]
    needs: str
    body: type[msgspec.Struct] | None = None
    answer: type[msgspec.Struct] | str | None = None
    alone: bool = False
    multipart: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    after: Callable[[Any, Response], Response] | None = None

    @property
    def name(self) -> str:
        """Return the name by which the official clients know the operation in snake case."""
        return self.view.__name__

    @property
    def id(self) -> str:
        """Return the operation's id of the OpenAPI document."""
        return camel(self.name)

    @property
    def writes(self) -> bool:
        """Return whether the operation changes something; the others cannot."""
        asks = self.path.endswith(("/search", "/evaluation")) or "/statistics/" in self.path
        return self.method != "GET" and not asks

    @property
    def repeatable(self) -> bool:
        """Return whether a repetition under an idempotency key gets the first answer."""
        return self.writes and not self.alone and self.name not in _NEVER_REPEATED

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the names of the path's parameters."""
        return tuple(re.findall(r"\{(\w+)\}", self.path))

    def rule(self, prefix: str) -> str:
        """Return the path as Flask writes it."""
        rule = prefix + self.path
        for name in self.keys:
            most = MOST_OF_LONG_KEY if snake(name) in _LONG else MOST_OF_KEY
            rule = rule.replace(f"{{{name}}}", f"<int(max={most}):{snake(name)}>")
        return rule


def snake(name: str) -> str:
    """Return ``processInstanceKey`` as ``process_instance_key``."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def camel(name: str) -> str:
    """Return ``process_instance_key`` as ``processInstanceKey``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
