"""Tasks offered to me otherwise than by their first role: by name, or by one of several roles."""

from __future__ import annotations

import sqlalchemy as sa

from engine.access import Scope
from engine.store import tables as t
from engine.store.scope import offered
from engine.store.transaction import Transaction


def also_offered(transaction: Transaction, reach: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that a task is offered to the person by name, or to one of the roles beside its first.

    Few diagrams do that. Where nothing of the kind is open the condition is false, so that the plain list keeps its
    index.
    """
    offer = t.task_offer.c
    by_name = offer.person == reach.person if reach.person is not None else sa.false()
    mine = (
        sa.select(offer.task)
        .join(t.user_task, t.user_task.c.key == offer.task)
        .where(t.user_task.c.status == "open", sa.or_(by_name, offered(offer.role, offer.region, reach)))
    )
    return t.user_task.c.key.in_(mine) if transaction.execute(mine.limit(1)).first() else sa.false()
