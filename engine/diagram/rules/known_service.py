"""Service types have a handler: a local or remote one of the product, or an outside worker of ``services.yaml``.

For deployments through the API an unknown type is a warning, since an outside worker may serve it.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding

NAME = "known-service"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every service type nobody answers."""
    known = subject.services.local | subject.services.remote | subject.bundle.services
    for node in subject.nodes.values():
        if node.job_type and node.job_type not in known and not node.job_type.startswith("="):
            yield subject.finding(
                NAME,
                node,
                Text(
                    f"{shown(node)}的服务类型“{node.job_type}”没有处理程序,请改正名称,或登记到 services.yaml。",
                    f"Expected a handler for service type “{node.job_type}” of {shown(node)}, but there is none, "
                    "so correct the name or list it in services.yaml.",
                ),
                subject.unknown_service,
            )
