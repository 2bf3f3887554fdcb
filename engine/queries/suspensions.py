"""What stands still at the moment, by whom and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.access import scope
from engine.errors import Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.store import tables as t
from engine.store.scope import in_scope
from engine.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class StandingStill:
    """A suspension in force: of a case, named by its number only, or of a process."""

    case: int | None
    number: str | None
    process: str
    name: str
    since: datetime
    reason: str


def standing_still(runtime: Runtime, transaction: Transaction, actor: Actor) -> tuple[StandingStill, ...]:
    """Return the suspensions in force within the actor's reach, newest first; those of cases that ended are left out."""
    reach = scope(runtime.published(transaction).roles, actor, "see_incident")
    rows = transaction.execute(_IN_FORCE.where(in_scope(_s, reach))).all()
    keys = [int(row.subject.removeprefix("case:")) for row in rows if row.subject.startswith("case:")]
    seen = _CASES.where(in_scope(_c, reach))
    cases = {row.key: row for row in transaction.execute(seen, {"keys": keys})} if keys else {}
    found = []
    for row in rows:
        kind, _, subject = row.subject.partition(":")
        if kind == "process":
            found.append(StandingStill(None, None, subject, row.name, row.since, row.reason))
        elif (case := cases.get(int(subject))) is not None:
            found.append(StandingStill(case.key, case.number, case.process, row.name, row.since, row.reason))
    return tuple(found)


def case_of_number(runtime: Runtime, transaction: Transaction, actor: Actor, number: str) -> int:
    """Return the key of the case that operations know by its number. Raises Invalid when there is none for them."""
    reach = scope(runtime.published(transaction).roles, actor, "see_incident")
    query = sa.select(_c.key).where(_c.number == number.strip(), in_scope(_c, reach))
    key = transaction.execute(query).scalar()
    if key is None:
        message = Text("没有找到这个编号的案件，请核对编号。", "Expected the number of a case, but there is none here.")
        raise Invalid(message, {"number": message})
    return int(key)


_s, _c = t.suspension.c, t.case.c
_IN_FORCE = sa.select(_s.subject, _s.name, _s.since, _s.reason).where(_s.lifted_at.is_(None)).order_by(_s.key.desc())
_CASES = sa.select(_c.key, _c.number, _c.process).where(
    _c.key.in_(sa.bindparam("keys", expanding=True)), _c.status == "open"
)
