"""To whom a task is offered, in words."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import Text
from engine.model import Role
from engine.store.people import parse_grants


def offered_to(roles: Mapping[str, Role], role: str | None, others: str) -> Text:
    """Return the names of all roles the task is offered to, the first one first; named people where there is no role.

    ``others`` are the roles beside the first one, written ``role@region role@region``.
    """
    ids = dict.fromkeys([*filter(None, [role]), *(grant.role for grant in parse_grants(others))])
    names = [roles[one].name for one in ids if one in roles]
    if not names:
        return Text("指定的人员", "named people")
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))
