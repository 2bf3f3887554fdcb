"""Ids are XML names of at most 100 characters: a letter or ``_`` first, then letters, digits, ``_``, ``-`` and ``.``.

They appear in addresses, findings, scenarios and history, so spaces and signs would have to be escaped everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.diagram.subject import Subject
from engine.errors import Text
from engine.model import Finding

NAME = "well-formed-id"

_ID = re.compile(r"[^\W\d][\w.-]{0,99}")


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every element of the process whose id is not well formed."""
    for element in subject.elements:
        if not _ID.fullmatch(element.id):
            yield subject.finding(
                NAME,
                element,
                Text(
                    f"标识“{element.id}”应以字母开头,只含字母、数字、“_”“-”“.”,不超过 100 个字符,请改名。",
                    f"Expected a letter first, then letters, digits, “_”, “-” and “.”, at most 100, "
                    f"but the id is “{element.id}”, so rename it.",
                ),
            )
