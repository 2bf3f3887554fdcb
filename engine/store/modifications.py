"""Tokens of a case to be moved by hand: who proposed what and why, what it would do, who decided."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa

from engine.model import Actor, Modification, TokenStart
from engine.store import tables as t
from engine.store.jobs import QUEUED, SUSPENDED, TIMER, WAITING
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.values import pack, unpack

PROPOSED, DONE, REFUSED, WITHDRAWN = "proposed", "done", "refused", "withdrawn"


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on a diagram, how it is moved on (``user_task``, ``timer`` …, empty if by itself), and its iteration."""

    process: str
    element: str
    kind: str
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """What waits now and would be ended: who claimed it, whether a draft is lost, by when it was due."""

    stop: Stop
    claimed_by: str | None = None
    draft: bool = False
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a modification does: what waits before and after, what ends, what is done by itself on the way.

    ``finished`` says that the case comes to its end.
    """

    before: tuple[Stop, ...]
    after: tuple[Stop, ...]
    endings: tuple[Ending, ...]
    passed: tuple[Stop, ...]
    finished: bool

    def begins(self) -> Counter[Stop]:
        """Return what waits anew and how often, also where the same step ended."""
        stays = Counter(self.before) - Counter(one.stop for one in self.endings)
        return Counter(self.after) - stays


@dataclass(frozen=True, slots=True)
class ModificationRow:
    """One proposed modification; times in Shanghai."""

    key: int
    case: int
    region: str
    plan: str
    outcome: str
    variables: bytes | None
    reason: str
    status: str
    person: int | None
    person_name: str
    proposed_at: datetime
    decider: int | None
    decider_name: str | None
    decided_at: datetime | None
    note: str | None

    def foreseen(self) -> Outcome:
        """Return what it would do, as it was foreseen when it was proposed."""
        return msgspec.json.decode(self.outcome, type=Outcome)


class _Plan(msgspec.Struct):
    ends: tuple[int, ...]
    starts: tuple[tuple[str, str, int | None], ...]


def packed_plan(plan: Modification) -> str:
    """Return tokens and elements as they are stored; the variables are sealed apart."""
    starts = tuple((one.process, one.element, one.within) for one in plan.starts)
    return msgspec.json.encode(_Plan(plan.ends, starts)).decode()


def packed_outcome(outcome: Outcome) -> str:
    """Return what a modification does as it is stored."""
    return msgspec.json.encode(outcome).decode()


def sealed_variables(keyring: Keyring, key: int, plan: Modification) -> bytes | None:
    """Return the variables sealed for their modification, None where there are none."""
    return keyring.seal(pack(dict(plan.variables)), _place(key)) if plan.variables else None


def plan_of(keyring: Keyring, row: ModificationRow) -> Modification:
    """Return what is to be changed."""
    stored = msgspec.json.decode(row.plan, type=_Plan)
    variables = unpack(keyring.open(row.variables, _place(row.key))) if row.variables else {}
    return Modification(stored.ends, tuple(TokenStart(*one) for one in stored.starts), variables)


def insert(transaction: Transaction, row: ModificationRow) -> None:
    """Write a proposal."""
    transaction.execute(t.modification.insert(), {name: getattr(row, name) for name in ModificationRow.__slots__})


def find(transaction: Transaction, key: int) -> ModificationRow | None:
    """Return a modification; whoever changes it holds its case."""
    return transaction.first(ModificationRow, _FIND, {"key_": key})


def of_case(transaction: Transaction, case: int) -> list[ModificationRow]:
    """Return what was proposed for a case, newest first."""
    return transaction.every(ModificationRow, _OF_CASE, {"case_": case})


def open_of_case(transaction: Transaction, case: int) -> ModificationRow | None:
    """Return the proposal for a case that nobody has decided about."""
    return next((row for row in of_case(transaction, case) if row.status == PROPOSED), None)


def decide(transaction: Transaction, key: int, status: str, actor: Actor, note: str) -> None:
    """Write who decided what."""
    values = {
        "key_": key, "status": status, "decider": actor.person, "decider_name": actor.name,
        "decided_at": transaction.now, "note": note,
    }  # fmt: skip
    transaction.execute(_DECIDE, values)


@dataclass(frozen=True, slots=True)
class Held:
    """What hangs on a waiting token: who claimed its task, whether a draft is kept, by when it is due."""

    claimed_by: str | None = None
    draft: bool = False
    due: datetime | None = None


def held(transaction: Transaction, case: int) -> dict[int, Held]:
    """Return what hangs on the open tasks and timers of a case, by token."""
    values = {"case_": case}
    tasks = {row.token: Held(row.name, row.draft, row.due) for row in transaction.execute(_TASKS, values)}
    return tasks | {row.token: Held(due=row.due) for row in transaction.execute(_TIMERS, values)}


def _place(key: int) -> bytes:
    return b"modification:%d" % key


_m = t.modification.c
_COLUMNS = tuple(_m[name] for name in ModificationRow.__slots__)
_FIND = sa.select(*_COLUMNS).where(_m.key == sa.bindparam("key_"))
_OF_CASE = sa.select(*_COLUMNS).where(_m.case == sa.bindparam("case_")).order_by(_m.key.desc())
_DECIDE = (
    t.modification.update()
    .where(_m.key == sa.bindparam("key_"))
    .values({name: sa.bindparam(name) for name in ("status", "decider", "decider_name", "decided_at", "note")})
)
_u, _j = t.user_task.c, t.job.c
_TASKS = sa.select(
    _u.token, _u.assignee_name.label("name"), _u.draft.is_not(None).label("draft"), _u.due_at.label("due")
).where(_u.case == sa.bindparam("case_"), _u.status == "open")
_TIMERS = sa.select(_j.token, _j.due_at.label("due")).where(
    _j.case == sa.bindparam("case_"), _j.kind == TIMER, _j.status.in_((WAITING, QUEUED, SUSPENDED))
)
