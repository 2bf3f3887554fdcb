"""Every name that an expression reads is written somewhere: by a form, a result, a mapping or a loop.

Where names may come from outside that no element declares (a start without form, a service or message without output
mapping) an unknown name is a warning, else an error. Output mappings of services also read the answer itself, whose
names are not known here.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.diagram.tree import Flow, Node
from engine.errors import Text
from engine.model import Finding, Severity

NAME = "feel-name"

_Read = tuple[Node | Flow, Text, frozenset[str]]


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every name nobody writes."""
    severity: Severity = "warning" if subject.variables.open else "error"
    for element, place, names in (*_of_expressions(subject), *_of_references(subject)):
        for name in sorted(names - subject.variables.names):
            yield subject.finding(
                NAME,
                element,
                Text(
                    f"{shown(element)}的{place.zh}读取“{name}”,但没有表单、结果或映射写入它,请改正名称,或画出输出映射。",
                    f"Expected a form, result or mapping that writes “{name}”, "
                    f"read by the {place.en} of {shown(element)}, "
                    "but there is none, so correct the name or draw an output mapping.",
                ),
                severity,
            )


def _of_expressions(subject: Subject) -> Iterator[_Read]:
    for checked in subject.expressions:
        if checked.compiled and not checked.expression.answered:
            yield checked.expression.element, checked.expression.place, checked.compiled.reads


def _of_references(subject: Subject) -> Iterator[_Read]:
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
