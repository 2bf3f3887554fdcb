"""Deployments: the files of one process, checked as an upload is, then in force."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, request

from engine.bundle import FileError, read_library, read_upload
from engine.checking import ServiceNames
from engine.errors import Invalid, Text
from engine.model import Bundle, Finding
from engine.publish import Approval, examine, publish
from engine.queries.decisions import deployed_decisions
from web import problems
from web.api.artifacts import key_of
from web.api.forms import form_key_of
from web.api.operation import Operation
from web.api.shapes import TENANT, Answer
from web.context import actor, runtime, tx, writing
from web.language import said

MOST_FINDINGS = 200
REFUSED = Text("没有发布:有错误需要改正。", "Expected files without errors, so nothing was deployed.")


class DeployedProcess(Answer):
    """The version in force."""

    process_definition_id: str
    process_definition_version: int
    process_definition_key: str
    resource_name: str
    tenant_id: str = TENANT


class DeployedDecisionDefinition(Answer):
    """A decision of the version."""

    decision_definition_id: str
    decision_definition_key: str
    name: str
    version: int
    decision_requirements_id: str
    decision_requirements_key: str
    tenant_id: str = TENANT


class DeployedDecisionRequirements(Answer):
    """A decision file of the version."""

    decision_requirements_id: str
    decision_requirements_key: str
    decision_requirements_name: str
    version: int
    resource_name: str
    tenant_id: str = TENANT


class DeployedForm(Answer):
    """A form of the version."""

    form_id: str
    form_key: str
    version: int
    resource_name: str
    tenant_id: str = TENANT


class DeploymentItem(Answer):
    """One of the things that were deployed; the other members are null."""

    process_definition: DeployedProcess | None = None
    decision_definition: DeployedDecisionDefinition | None = None
    decision_requirements: DeployedDecisionRequirements | None = None
    form: DeployedForm | None = None
    resource: None = None


class Deployment(Answer):
    """What is in force now."""

    deployment_key: str
    deployments: list[DeploymentItem]
    tenant_id: str = TENANT


def create_deployment() -> Deployment | Response:
    """Put the files of one process in force: its diagram with tables, forms, numbers, notices and scenarios.

    What it calls or shares is taken from the library. Findings come back as a list; a service type nobody here
    answers is a warning, since an outside worker may serve it. The same files again are no new version.
    """
    try:
        bundle = _uploaded()
    except FileError as error:
        return _refused(error.findings)
    approval = _examined(bundle)
    if approval.errors:
        return _refused(approval.findings)
    return writing(lambda: _published(bundle, approval))


def _uploaded() -> Bundle:
    tenant = request.form.get("tenantId", TENANT)
    if tenant != TENANT:
        raise Invalid(
            Text("本系统只有一个租户 <default>。", f"Expected the tenant <default>, the only one, not “{tenant[:31]}”.")
        )
    files = {sent.filename: sent.read() for sent in request.files.getlist("resources") if sent.filename}
    process, folder = read_upload(files)
    return read_library(runtime().settings.library).with_folder(process, folder).bundle(process)


def _examined(bundle: Bundle) -> Approval:
    services = ServiceNames(frozenset(runtime().services), frozenset(runtime().connectors) | bundle.services)
    return examine(bundle, services, unknown_service="warning")


def _published(bundle: Bundle, approval: Approval) -> Deployment:
    deployed = publish(runtime(), tx(), actor(), bundle=bundle, approval=approval, note="API")
    process = DeployedProcess(
        process_definition_id=deployed.process,
        process_definition_version=deployed.version,
        process_definition_key=str(deployed.key),
        resource_name=f"{deployed.process}.bpmn",
    )
    items = [
        DeploymentItem(process_definition=process),
        *_decisions(deployed.key, bundle),
        *_forms(deployed.key, deployed.version, bundle),
    ]
    return Deployment(deployment_key=str(deployed.key), deployments=items)


def _decisions(definition: int, bundle: Bundle) -> Iterable[DeploymentItem]:
    for one in deployed_decisions(runtime(), tx(), actor()):
        if one.definition != definition or one.file not in bundle.files:
            continue
        key, file = key_of(definition, one.place), one.file.removesuffix(".dmn")
        yield DeploymentItem(
            decision_definition=DeployedDecisionDefinition(
                decision_definition_id=one.id, decision_definition_key=key, name=one.name, version=one.version,
                decision_requirements_id=file, decision_requirements_key=key,
            )
        )  # fmt: skip
        yield DeploymentItem(
            decision_requirements=DeployedDecisionRequirements(
                decision_requirements_id=file, decision_requirements_key=key, decision_requirements_name=file,
                version=one.version, resource_name=one.file,
            )
        )  # fmt: skip


def _forms(definition: int, version: int, bundle: Bundle) -> Iterable[DeploymentItem]:
    loaded = runtime().definition(tx(), definition)
    own = {data: name for name, data in bundle.files.items() if name.endswith(".form")}
    for form, data in loaded.form_files.items():
        if data in own:
            yield DeploymentItem(
                form=DeployedForm(
                    form_id=form, form_key=form_key_of(definition, form), version=version, resource_name=own[data]
                )
            )


def _refused(findings: Iterable[Finding]) -> Response:
    shown = sorted(findings, key=lambda finding: finding.severity != "error")[:MOST_FINDINGS]
    first = next((finding.message for finding in shown), None)
    more = Text(f"第一处:{first.zh}", f" The first: {first.en}") if first else Text("", "")
    sentence = Text(f"{REFUSED.zh}{more.zh}", f"{REFUSED.en}{more.en}")
    return problems.problem(400, sentence, findings=[_finding(one) for one in shown])


def _finding(one: Finding) -> dict[str, object]:
    place = {"line": one.position.line, "column": one.position.column} if one.position else None
    return {
        "file": one.file, "element": one.element, "position": place, "rule": one.rule, "severity": one.severity,
        "message": said(one.message),
    }  # fmt: skip


OPERATIONS = (
    Operation(
        "POST", "/deployments", create_deployment, "deploy", answer=Deployment, alone=True, multipart=True
    ),
)  # fmt: skip
