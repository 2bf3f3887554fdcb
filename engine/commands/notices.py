"""Produces the notices that completed elements name in their ``document`` property."""

from __future__ import annotations

from engine.commands.work import Work, digest
from engine.errors import ModelError, Text
from engine.model import Left
from engine.store import tables as t
from engine.store.keys import new_key
from engine.store.series import next_number


def issue_notices(work: Work) -> None:
    """Write one document row for each notice of the activities this step completed."""
    for left in work.run.step.left:
        if left.outcome != "completed":
            continue
        node = work.definition.nodes.get((left.process, left.element))
        for template in node.listed("document") if node else ():
            _issue(work, left, template)


def _issue(work: Work, left: Left, template_id: str) -> None:
    template = work.definition.documents.get(template_id)
    if template is None:
        raise ModelError(
            Text(
                f"找不到文书「{template_id}」,请在流程文件夹中补上后重新发布。",
                f"Expected the notice “{template_id}” in the process folder, but there is none; add it and deploy again.",
            ),
            left.element,
        )
    context, environment = work.run.view_after(left), work.feel()
    body = template.render(context, environment)
    key = new_key()
    year = work.transaction.now.year
    number = next_number(work.transaction, f"document:{template.number_prefix}:{work.row.region[:6]}:{year}")
    row = {
        "key": key, "region": template.issuer(work.row.region, context, environment), "case": work.row.key,
        "template": template.id, "title": template.title,
        "number": f"{template.number_prefix}〔{year}〕{number}号", "issued_at": work.transaction.now,
        "element": left.element, "body": work.runtime.keyring.seal(body.encode(), document_place(key)),
        "digest": digest(body.encode()).encode(),
    }  # fmt: skip
    work.transaction.execute(t.document.insert(), row)


def document_place(key: int) -> bytes:
    """Return what a notice is bound to when sealed."""
    return b"document:%d" % key
