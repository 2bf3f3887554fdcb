"""Makes a token void at once."""

from __future__ import annotations

from engine.commands.add_token import TOKENS_CHAIN, check_may_administer
from engine.errors import Conflict, NotFound, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import audit, tokens
from engine.store.transaction import Transaction


def revoke_token(runtime: Runtime, transaction: Transaction, actor: Actor, *, token: int) -> None:
    """Revoke the token. Raises Forbidden, NotFound, or Conflict when it was revoked before."""
    check_may_administer(runtime, transaction, actor)
    if tokens.find(transaction, token) is None:
        raise NotFound(Text("没有找到这个令牌。", "Expected a token, but there is none with this key."))
    if not tokens.revoke(transaction, token, actor.name):
        raise Conflict(Text("该令牌已经作废。", "Expected a valid token, but it was revoked before."))
    audit.append_unlocked(transaction, TOKENS_CHAIN, actor, audit.Entry("revoke_token", f"token:{token}"))
