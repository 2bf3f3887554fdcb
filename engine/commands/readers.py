"""Who comes to know of a restricted case in the course of it: its keepers, who started it, who is asked to act."""

from __future__ import annotations

from engine.access import cut_to_level
from engine.commands.work import Work
from engine.model import Grant
from engine.store import readers


def name_first_readers(work: Work) -> None:
    """Name the roles that keep such cases, and the person who started this one."""
    row = work.row
    if not row.restricted:
        return
    known = work.published.roles
    roles = [Grant(role, cut_to_level(row.region, known[role])) for role in work.definition.keepers if role in known]
    people = [] if row.starter is None else [row.starter]
    readers.add(work.transaction, row.key, people=people, roles=roles, by=row.started_by, reason="start_case")
