"""Variables are words: a letter first, then letters, digits and ``_``; not ``policy``, ``case`` or a FEEL keyword."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Node
from engine.errors import Text
from engine.model import Finding

NAME = "variable-name"

_WORD = re.compile(r"[^\W\d]\w{0,99}( [^\W\d]\w*)*")
_OWN = frozenset({"policy", "case", "loopCounter"})
_KEYWORDS = frozenset({"true", "false", "null", "not", "if", "then", "else", "for", "in", "return", "some", "every"})
_RESERVED = _OWN | _KEYWORDS | {"satisfies", "and", "or", "between", "instance", "of", "function"}


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every variable that could not be read back."""
    for node in subject.nodes.values():
        for name in dict.fromkeys(_names(node)):
            if not all(_WORD.fullmatch(part) for part in name.split(".")) or name.split(".")[0] in _RESERVED:
                yield subject.finding(
                    NAME,
                    node,
                    Text(
                        f"{shown(node)}写入的变量“{name}”应以字母开头,只含字母、数字和“_”,且不是保留字,请改名。",
                        f"Expected a letter, then letters, digits and “_”, and no reserved word, but {shown(node)} "
                        f"writes “{name}”, so rename it.",
                    ),
                )


def _names(node: Node) -> Iterator[str]:
    yield from (mapping.target for mapping in (*node.inputs, *node.outputs))
    yield from (name for name in (node.result,) if name)
    if node.loop:
        yield from (name for name in (node.loop.element, node.loop.output_collection) if name)
