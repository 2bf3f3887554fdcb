"""Makes a process folder the newest version, with the folders it calls."""

from __future__ import annotations

from dataclasses import dataclass

from engine.access import may_anywhere
from engine.commands.publish_contents import publish_contents
from engine.commands.renew_starts import renew_starts
from engine.errors import Forbidden, Text
from engine.model import SYSTEM, Actor, Bundle
from engine.runtime import Runtime, parts
from engine.runtime.published import POLICY
from engine.store import audit, definitions
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Deployed:
    """The version in force; ``changed`` is False when it had been deployed before."""

    process: str
    version: int
    key: int
    changed: bool


def deploy(runtime: Runtime, transaction: Transaction, actor: Actor, *, bundle: Bundle, note: str = "") -> Deployed:
    """Return the deployed version; the same checksum again is no new version. Running cases stay on theirs.

    The bundle has been checked (``engine.publish``). Raises Forbidden without the right to publish.
    """
    if actor is not SYSTEM and not may_anywhere(runtime.published(transaction).roles, actor, "deploy"):
        raise Forbidden(Text("只有流程发布岗可以上线流程。", "Expected the publisher role; ask a publisher to deploy."))
    calls = {
        name: deploy(runtime, transaction, actor, bundle=called, note=note).key
        for name, called in bundle.called.items()
    }
    _publish_numbers(runtime, transaction, actor, bundle)
    before = definitions.latest(transaction, bundle.process)
    if before is not None and before.checksum == bundle.checksum:
        return Deployed(bundle.process, before.version, before.key, changed=False)
    row = definitions.next_row(transaction, bundle.process, _name(bundle), bundle.checksum, actor.name, note)
    definitions.store(transaction, row, bundle.all_files(), calls)
    entry = audit.Entry("deploy", f"definition:{row.key}", details={"process": row.process, "checksum": row.checksum})
    audit.append_unlocked(transaction, "deployments", actor, entry)
    renew_starts(runtime, transaction, runtime.definition(transaction, row.key))
    return Deployed(row.process, row.version, row.key, changed=True)


def _name(bundle: Bundle) -> str:
    file = f"{bundle.process}.bpmn"
    return parts.diagram(bundle.files[file], file, bundle.roles).executable.name or bundle.process


def _publish_numbers(runtime: Runtime, transaction: Transaction, actor: Actor, bundle: Bundle) -> None:
    content = bundle.files.get("policy.yaml")
    if content is not None:
        publish_contents(runtime, transaction, actor, contents={(POLICY, bundle.process): content})
