"""Which variables a process has, and which element writes which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.diagram.tree import Node, Process

if TYPE_CHECKING:
    from engine.diagram.subject import Subject

CONTEXT = frozenset({"policy", "case"})
LOOP_NAMES = (
    "loopCounter",
    "numberOfInstances",
    "numberOfActiveInstances",
    "numberOfCompletedInstances",
    "numberOfTerminatedInstances",
)
_ANSWERED = frozenset({"serviceTask", "sendTask", "receiveTask"})


@dataclass(frozen=True, slots=True)
class Variables:
    """All names of a process and what each element writes.

    ``given``: a start without form, so that names come from the caller; ``open``: an answer without output mapping,
    so that names may come which no element declares.
    """

    names: frozenset[str]
    written: Mapping[str, frozenset[str]]
    given: bool
    open: bool


def variables_of(subject: Subject) -> Variables:
    """Return the variables of the running process."""
    written = {node.id: frozenset(_written(node, subject)) for node in subject.process.nodes()}
    local = {name for node in subject.process.nodes() for name in _local(node)}
    return Variables(
        names=frozenset(CONTEXT | local.union(*written.values())),
        written=written,
        given=any(_given(node) for node in subject.process.scope.nodes.values()),
        open=any(_brings_anything(node, subject) for node in _entered(subject.process)),
    )


def _written(node: Node, subject: Subject) -> Iterator[str]:
    """An activity with output mappings writes these alone; without, everything it produces."""
    if node.loop and node.loop.output_collection:
        yield node.loop.output_collection
    if node.outputs:
        yield from (mapping.target.split(".")[0] for mapping in node.outputs)
        return
    yield from _produced(node, subject)


def _produced(node: Node, subject: Subject) -> Iterator[str]:
    if node.form in subject.forms:
        yield from subject.forms[node.form or ""].writes
    if node.result:
        yield node.result
    if node.job_type:
        yield from subject.services.results.get(node.job_type, ())
    called = subject.called.get(node.called_process or "")
    if called and node.propagate_all:
        yield from _of_called(called.executable, subject)


def _of_called(process: Process, subject: Subject) -> Iterator[str]:
    """What a called process may give back, one level deep: deeper calls count as unknown."""
    for node in process.nodes():
        yield from (mapping.target.split(".")[0] for mapping in (*node.outputs, *node.inputs))
        if node.form in subject.forms:
            yield from subject.forms[node.form or ""].writes
        if node.result:
            yield node.result


def _local(node: Node) -> Iterator[str]:
    yield from (mapping.target.split(".")[0] for mapping in node.inputs)
    if node.loop:
        yield from LOOP_NAMES
        yield from (name for name in (node.loop.element, _plain_name(node.loop.output_element)) if name)
    if node.outputs and node.result:
        yield node.result


def _plain_name(text: str | None) -> str | None:
    name = (text or "").removeprefix("=").strip()
    return name if name.isidentifier() else None


def _entered(process: Process) -> Iterator[Node]:
    return (node for node in process.nodes() if node.kind != "endEvent")


def _brings_anything(node: Node, subject: Subject) -> bool:
    if node.outputs or node.kind == "startEvent":
        return False
    if node.kind == "callActivity":
        return node.propagate_all
    if node.event and node.event.kind in ("message", "signal", "error"):
        return True
    return node.kind in _ANSWERED and node.job_type not in subject.services.results


def _given(node: Node) -> bool:
    return node.kind == "startEvent" and node.form is None
