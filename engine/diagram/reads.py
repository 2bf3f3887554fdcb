"""Which variables each element of a process reads, through its expressions, form, decision and notices."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject
from engine.diagram.tree import Flow, Node
from engine.errors import Text

Read = tuple[Node | Flow, Text, frozenset[str]]


def reads_of(subject: Subject) -> Iterator[Read]:
    """Return each element with what of it reads variables and which."""
    yield from _of_expressions(subject)
    yield from _of_references(subject)


def _of_expressions(subject: Subject) -> Iterator[Read]:
    for checked in subject.expressions:
        if checked.compiled and not checked.expression.answered:
            yield checked.expression.element, checked.expression.place, checked.compiled.reads


def _of_references(subject: Subject) -> Iterator[Read]:
    """Forms, tables and notices read the variables of the element that names them."""
    for node in subject.nodes.values():
        form, decision = subject.forms.get(node.form or ""), subject.decisions.get(node.decision or "")
        if form and node.kind != "startEvent":
            yield node, Text(f"表单“{node.form}”", f"form “{node.form}”"), form.reads - form.writes
        if decision:
            yield node, Text(f"决策“{node.decision}”", f"decision “{node.decision}”"), decision.reads
        for name in node.listed("document"):
            document = subject.documents.get(name)
            if document:
                yield node, Text(f"文书“{name}”", f"notice “{name}”"), document.reads


def parameters(subject: Subject) -> frozenset[str]:
    """Return the names a process reads but never writes: what a caller must give it."""
    read = frozenset().union(*(names for _, _, names in reads_of(subject)))
    return read - subject.variables.names
