"""Binds the results of checks and rehearsal to a bundle's checksum, and only then deploys it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.checking import ServiceNames, check_bundle
from engine.commands.deploy import Deployed, deploy
from engine.errors import Invalid, Text
from engine.model import Actor, Bundle, Finding, Severity
from engine.rehearsal import Rehearsal
from engine.runtime import Runtime
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Approval:
    """What is known of one exact bundle: findings of the check, and the rehearsal where one was played."""

    checksum: str
    findings: tuple[Finding, ...]
    rehearsal: Rehearsal | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the findings that stand in the way."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


def examine(
    bundle: Bundle,
    services: ServiceNames,
    rehearsal: Rehearsal | None = None,
    *,
    unknown_service: Severity = "error",
) -> Approval:
    """Return the approval of this bundle, with the bundles it calls checked too.

    ``unknown_service`` is the severity of a service type nobody here answers: a warning where outside workers serve.
    """
    findings = list(check_bundle(bundle, services, unknown_service=unknown_service))
    for called in bundle.called.values():
        findings += examine(called, services, unknown_service=unknown_service).findings
    return Approval(bundle.checksum, tuple(dict.fromkeys(findings)), rehearsal)


def publish(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, bundle: Bundle, approval: Approval, note: str = ""
) -> Deployed:
    """Return the deployed version. Raises Invalid when the approval is of other content or has errors."""
    if approval.checksum != bundle.checksum:
        raise Invalid(
            Text(
                "文件在检查之后又有改动,请重新检查后再上线。",
                "Expected the files that were checked, but they changed since; check again before deploying.",
            )
        )
    if approval.errors:
        first = approval.errors[0].message
        count = len(approval.errors)
        raise Invalid(
            Text(
                f"检查发现 {count} 处错误,不能上线。第一处:{first.zh}",
                f"Expected no errors, but the check found {count}; the first: {first.en}",
            )
        )
    return deploy(runtime, transaction, actor, bundle=bundle, note=note)
