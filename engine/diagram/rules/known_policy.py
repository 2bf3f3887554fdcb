"""Every ``policy.…`` that an expression, table or notice reads is a number of ``policy.yaml``.

A misspelled number would be null and the case would stop with an incident.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Flow, Node
from engine.errors import Text
from engine.model import Finding

NAME = "known-policy"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every number that is not known, at the element that reads it."""
    known = frozenset(tuple(name.split(".")) for name in subject.bundle.policy)
    found = {(element.id, path): element for element, path in _read(subject)}
    for (_, path), element in found.items():
        if path[0] == "policy" and len(path) > 1 and not _fits(path[1:], known):
            name = ".".join(path[1:])
            yield subject.finding(
                NAME,
                element,
                Text(
                    f"{shown(element)}读取的参数“{name}”不在 policy.yaml 中,请加入,或改正名称。",
                    f"Expected a number “{name}” in policy.yaml for {shown(element)}, but there is none, "
                    "so add it or correct the name.",
                ),
            )


def _fits(path: tuple[str, ...], known: frozenset[tuple[str, ...]]) -> bool:
    return any(name[: len(path)] == path for name in known)


def _read(subject: Subject) -> Iterator[tuple[Node | Flow, tuple[str, ...]]]:
    for checked in subject.expressions:
        for path in sorted(checked.compiled.paths) if checked.compiled else ():
            yield checked.expression.element, path
    for node in subject.nodes.values():
        facts = [subject.documents.get(name) for name in node.listed("document")]
        facts.append(subject.decisions.get(node.decision or ""))
        for fact in facts:
            yield from ((node, path) for path in sorted(fact.paths if fact else ()))
