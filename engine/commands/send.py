"""Who may send messages and signals from outside a case, and how far they reach."""

from __future__ import annotations

from dataclasses import replace

from engine.access import covers, scope
from engine.commands.publication import Publication
from engine.errors import Forbidden, Invalid, Text
from engine.model import SYSTEM, Actor
from engine.runtime import Runtime
from engine.store.transaction import Transaction

LONGEST_NAME = 200


def sending(runtime: Runtime, transaction: Transaction, actor: Actor, publication: Publication) -> Publication:
    """Return the publication as this sender may send it. Raises Forbidden, or Invalid for what cannot be sent."""
    if not publication.name.strip() or len(publication.name) > LONGEST_NAME:
        message = Text(
            "请填写消息名称,不超过 200 字。", "Expected the name of the message, up to 200 characters; enter one."
        )
        raise Invalid(message, {"name": message})
    if publication.region and not runtime.regions.exists(publication.region):
        message = Text("请选择所在的地区。", f"Expected a place, but “{publication.region}” is none; choose one.")
        raise Invalid(message, {"region": message})
    sent = replace(publication, sender=actor.name)
    if actor is SYSTEM:
        return sent
    reach = scope(runtime.published(transaction).roles, actor, "send_message").regions
    if not reach or (publication.region and not covers(reach, publication.region)):
        raise Forbidden(
            Text(
                "只有运行维护岗,或岗位有“send”权限的外部程序,可以在本地区发送消息和信号。",
                "Expected the right to send messages in this area; ask operations, or an administrator for a role with “send”.",
            )
        )
    return replace(sent, reach=reach)
