"""The check of one bundle: everything that can be known before a case runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.bundle import read_policy
from engine.checking.contents import read_contents
from engine.checking.scenarios import check_scenarios
from engine.diagram import Diagram, DiagramError, read
from engine.diagram.rules import check_diagram
from engine.diagram.subject import ServiceNames, Subject
from engine.errors import ModelError, Text
from engine.model import Bundle, Finding, Severity
from engine.spiff import build

_POLICY = "policy.yaml"


def check_bundle(bundle: Bundle, services: ServiceNames, *, unknown_service: Severity = "error") -> list[Finding]:
    """Return everything found in a bundle, by file and place; it may go live when none is an error.

    ``unknown_service`` is the severity of a service type nobody answers: a warning for uploads, which an outside
    worker may serve.
    """
    contents = read_contents(bundle)
    findings = [*contents.findings, *_policy_findings(bundle)]
    diagrams = {name: _read(called, findings) for name, called in _all_called(bundle).items()}
    diagram = _read(bundle, findings)
    if diagram is not None:
        subject = Subject(
            diagram=diagram,
            bundle=bundle,
            services=services,
            forms=contents.forms,
            decisions=contents.decisions,
            documents=contents.documents,
            called={name: found for name, found in diagrams.items() if found is not None},
            unknown_service=unknown_service,
        )
        findings += [*diagram.findings, *check_diagram(subject)]
        findings += check_scenarios(subject, frozenset(contents.titles))
        findings += _build_findings(subject, findings)
    return sorted(findings, key=_place)


def _place(finding: Finding) -> tuple[str, int, int]:
    place = finding.position
    return (finding.file, place.line if place else 0, place.column if place else 0)


def _policy_findings(bundle: Bundle) -> Iterator[Finding]:
    for name in (_POLICY, f"shared/{_POLICY}"):
        data = bundle.all_files().get(name)
        if data is not None:
            yield from read_policy(data, name)[1]


def _all_called(bundle: Bundle) -> Mapping[str, Bundle]:
    found: dict[str, Bundle] = {}
    todo = [bundle]
    while todo:
        for name, called in todo.pop().called.items():
            if name not in found:
                found[name] = called
                todo.append(called)
    return found


def _read(bundle: Bundle, findings: list[Finding]) -> Diagram | None:
    name = f"{bundle.process}.bpmn"
    if name not in bundle.files:
        message = Text(
            f"文件夹应有与其同名的流程图“{name}”,但没有,请加入或改名。",
            f"Expected a diagram named “{name}” after its folder, but there is none, so add or rename it.",
        )
        findings.append(Finding(name, None, None, "process-folder", "error", message))
        return None
    try:
        return read(bundle.files[name], name, bundle.roles)
    except DiagramError as error:
        findings.extend(error.findings)
        return None


def _build_findings(subject: Subject, findings: list[Finding]) -> Iterator[Finding]:
    """What the rules let pass must also build: the last word is that of what will run."""
    if any(found.severity == "error" for found in findings):
        return
    try:
        build(subject.diagram, subject.called)
    except ModelError as error:
        yield subject.finding("buildable", error.element or subject.process, error.message)
