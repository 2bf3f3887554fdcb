"""Which open tasks are offered to somebody: by their first role, by name, or by one of several roles."""

from __future__ import annotations

import sqlalchemy as sa

from engine.access import Scope
from engine.store import tables as t
from engine.store.scope import offered, within


def offered_by_role(reach: Scope) -> list[sa.Select[tuple[int]]]:
    """Return what selects the keys of the open tasks whose first role the person holds there, role by role."""
    return [
        sa.select(_task.key).where(_task.status == "open", _task.role == role, within(_task.region, prefix))
        for role, prefix in reach.grants
    ]


def offered_besides(reach: Scope) -> sa.Select[tuple[int]]:
    """Return what selects the keys of the open tasks offered to the person by name, or to a role beside their first."""
    by_name = _offer.person == reach.person if reach.person is not None else sa.false()
    return (
        sa.select(_task.key)
        .join(t.task_offer, _offer.task == _task.key)
        .where(_task.status == "open", sa.or_(by_name, offered(_offer.role, _offer.region, reach)))
    )


# Under a name of its own: it picks the keys for lists of that very table.
OFFERED = t.user_task.alias("offered_task")
_task, _offer = OFFERED.c, t.task_offer.c
