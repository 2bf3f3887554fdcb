"""What can go wrong, told apart by whose mistake it is."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import NamedTuple

_FRAMES = 12


class Text(NamedTuple):
    """One sentence in the two languages of the product."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the English sentence for ``en…``, else the Chinese one."""
        return self.en if language.startswith("en") else self.zh


class Rejected(Exception):
    """A user's mistake: nothing was stored, and the sentence says what to do."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


class NotFound(Rejected):
    """The thing does not exist, or its existence must stay hidden from this person."""


class Conflict(Rejected):
    """Somebody else was first; the message names who and when."""


class Forbidden(Rejected):
    """The person may see the thing but not do this with it."""


class Invalid(Rejected):
    """Entered data breaks rules; ``fields`` maps a field path to its sentence."""

    def __init__(self, message: Text, fields: Mapping[str, Text] | None = None) -> None:
        super().__init__(message)
        self.fields: Mapping[str, Text] = dict(fields or {})


class ModelError(Exception):
    """The model's or the world's fault: the step is thrown away and an incident is opened."""

    def __init__(self, message: Text, element: str | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.element = element


class BpmnError(Exception):
    """A business error a service handler throws on purpose; it climbs to the boundary event that catches ``code``."""

    def __init__(self, code: str, values: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.values: Mapping[str, object] = dict(values or {})


def kind_and_place(error: BaseException) -> str:
    """Return what a log may hold of an error: its class and where it arose, innermost first.

    Never its message: PostgreSQL quotes the row it refused, and a parser quotes what was typed.
    """
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__qualname__} at {places}"
