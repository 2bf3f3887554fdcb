"""What a step changed, as rows: worklist, timers, jobs, subscriptions and history never open the sealed state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.model import Entered, Grant, Left, OpenedTask, RequestedJob, Step, Subscribed
from engine.store import readers
from engine.store import tables as t
from engine.store.cases import CaseRow
from engine.store.keys import new_key
from engine.store.people import write_grants
from engine.store.sealing import Keyring
from engine.store.subscriptions import key_place
from engine.store.transaction import Transaction
from engine.store.user_tasks import Offer, offer_rows
from engine.store.values import pack

DEFAULT_TRIES = 5
# The rules that decided lie among the values of an activity under a name that no variable can have.
RULES = ""
NodeKind = Callable[[str, str], str]
OfferOf = Callable[[OpenedTask], Offer]


@dataclass(frozen=True, slots=True)
class Completion:
    """Who left an activity and with what; ``values`` are sealed for the activity's row."""

    token: int
    person: int | None
    name: str
    request: str | None = None
    values: Mapping[str, Any] | None = None
    form: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Projector:
    """Writes the rows of one step of one case."""

    transaction: Transaction
    keyring: Keyring
    case: CaseRow
    kind_of: NodeKind
    offer_of: OfferOf
    is_offered: Callable[[str], bool]

    def project(self, step: Step, completion: Completion | None = None) -> None:
        """Write every row that the step opened, closed, armed or cancelled."""
        gone = {left.token: left for left in step.left}
        entered = {arrived.token for arrived in step.entered}
        earlier = [left for left in step.left if left.token not in entered]
        self._close_tasks(earlier, completion)
        self._open_tasks([task for task in step.opened if task.token not in gone])
        self._leave(earlier, completion)
        self._enter(step, gone, completion)
        # An event counts as entered when it fires: its timer or subscription may be of an earlier step.
        waited = [left for left in step.left if left.token not in entered or left.waited in _EVENTS]
        self._cancel_jobs(waited)
        self._drop_subscriptions(waited)
        self._arm(step, gone)
        self._subscribe(step, gone)

    def _close_tasks(self, left: list[Left], completion: Completion | None) -> None:
        rows = []
        for one in left:
            if one.waited != "user_task":
                continue
            by = completion if completion and completion.token == one.token else None
            rows.append({
                "case_": self.case.key, "token_": one.token,
                "status": "completed" if one.outcome == "completed" else "cancelled",
                "closed_at": self.transaction.now, "closed_by": by.person if by else None,
                "closed_name": by.name if by else None, "request": by.request if by else None,
            })  # fmt: skip
        if rows:
            self.transaction.execute(_CLOSE_TASK, rows)

    def _open_tasks(self, opened: list[OpenedTask]) -> None:
        offers = [(new_key(), task, self.offer_of(task)) for task in opened]
        self.transaction.insert(t.user_task, [self._task_row(key, task, offer) for key, task, offer in offers])
        self.transaction.insert(t.task_offer, [row for key, _, offer in offers for row in offer_rows(key, offer)])
        if self.case.restricted:
            self._name_readers([offer for _, _, offer in offers])

    def _name_readers(self, offers: list[Offer]) -> None:
        first = [Grant(offer.role, offer.region) for offer in offers if offer.role is not None]
        others = [grant for offer in offers for grant in offer.others]
        people = [person for offer in offers for person in (*offer.people, offer.assignee) if person is not None]
        readers.add(self.transaction, self.case.key, people=people, roles=[*first, *others], by="system", reason="task")

    def _task_row(self, key: int, task: OpenedTask, offer: Offer) -> dict[str, Any]:
        return {
            "key": key, "region": offer.region, "case": self.case.key, "token": task.token,
            "process": task.process, "element": task.element, "name": task.name, "form": task.form,
            "role": offer.role, "people": " ".join(map(str, offer.people)), "others": write_grants(offer.others),
            "assignee": offer.assignee, "assignee_name": offer.assignee_name, "status": "open",
            "created_at": self.transaction.now, "claimed_at": self.transaction.now if offer.assignee else None,
            "due_at": task.due, "provisional": task.provisional, "follow_up_at": task.follow_up,
            "priority": task.priority, "revision": 1, "closed_at": None, "closed_by": None, "closed_name": None,
            "request": None, "item": task.item, "properties": pack(dict(task.properties)), "draft": None,
            "draft_at": None,
        }  # fmt: skip

    def _enter(self, step: Step, gone: Mapping[int, Left], completion: Completion | None) -> None:
        tasks = {task.token: task for task in step.opened}
        kept = [arrived for arrived in step.entered if not arrived.kind.endswith("Gateway")]
        rows = [self._activity_row(arrived, gone.get(arrived.token), tasks.get(arrived.token)) for arrived in kept]
        for row in rows:
            if completion and completion.token == row["token"]:
                row |= self._completed(completion)
        self.transaction.insert(t.activity, rows)

    def _completed(self, by: Completion) -> dict[str, Any]:
        sealed = None
        if by.values is not None:
            sealed = self.keyring.seal(pack(dict(by.values)), activity_place(self.case.key, by.token))
        return {
            "person": by.person, "person_name": by.name, "values": sealed, "note": by.note, "form": by.form,
        }  # fmt: skip

    def _activity_row(self, arrived: Entered, left: Left | None, task: OpenedTask | None) -> dict[str, Any]:
        now = self.transaction.now
        return {
            "key": new_key(), "region": self.case.region, "case": self.case.key, "token": arrived.token,
            "process": arrived.process, "element": arrived.element, "name": arrived.name, "kind": arrived.kind,
            "item": arrived.item, "entered_at": now, "claimed_at": None, "left_at": now if left else None,
            "outcome": left.outcome if left else None, "person": None, "person_name": None,
            "due_at": task.due if task else None, "form": task.form if task else None,
            "values": self._rules(left) if left else None, "note": None,
        }  # fmt: skip

    def _rules(self, left: Left) -> bytes | None:
        """What decided tells of the person as much as what was entered, so it is sealed in the same place."""
        if not left.hits:
            return None
        rules = [[hit.table, hit.rule] for hit in left.hits]
        return self.keyring.seal(pack({RULES: rules}), activity_place(self.case.key, left.token))

    def _leave(self, left: list[Left], completion: Completion | None) -> None:
        rows = []
        for one in left:
            kind = self.kind_of(one.process, one.element)
            if kind.endswith("Gateway") or (kind in _LISTENING and one.outcome == "cancelled"):
                continue
            rows.append(self._left_row(one, completion if completion and completion.token == one.token else None))
        if rows:
            self.transaction.execute(_LEAVE, rows)

    def _left_row(self, one: Left, by: Completion | None) -> dict[str, Any]:
        values = self._rules(one)
        filled = self._completed(by) if by else {"person": None, "person_name": None, "values": values, "note": None}
        filled.pop("form", None)
        place = {"case_": self.case.key, "token_": one.token}
        return {**place, "left_at": self.transaction.now, "outcome": one.outcome, **filled}

    def _cancel_jobs(self, left: list[Left]) -> None:
        rows = [
            {
                "case_": self.case.key,
                "token_": one.token,
                "status": "done" if one.outcome == "completed" else "cancelled",
            }
            for one in left
            if one.waited in _WITH_JOBS
        ]
        if rows and self.transaction.execute(_CANCEL_JOB, rows).rowcount:
            values = {"case_": self.case.key, "resolved_at": self.transaction.now}
            self.transaction.execute(_RESOLVE_OF_ENDED_JOBS, values)

    def _drop_subscriptions(self, left: list[Left]) -> None:
        rows = [{"case_": self.case.key, "token_": one.token} for one in left if one.waited in _WITH_SUBSCRIPTIONS]
        if rows:
            self.transaction.execute(_UNSUBSCRIBE, rows)

    def _arm(self, step: Step, gone: Mapping[int, Left]) -> None:
        rows = [
            self._job_row(timer.token, timer.process, timer.element, "timer", "timer")
            | {"due_at": timer.due, "anchor": timer.anchor, "provisional": timer.provisional}
            for timer in step.timers
            if timer.token not in gone
        ]
        rows += [self._remote_row(job) for job in step.jobs if job.token not in gone]
        self.transaction.insert(t.job, rows)

    def _remote_row(self, job: RequestedJob) -> dict[str, Any]:
        offered = self.is_offered(job.type)
        row = self._job_row(job.token, job.process, job.element, "worker" if offered else "service", job.type)
        if offered and not self.case.suspended:
            row["status"] = "offered"
        payload = pack({"variables": dict(job.variables), "headers": dict(job.headers)})
        row["payload"] = self.keyring.seal(payload, b"job:%d" % row["key"])
        row["retries"] = DEFAULT_TRIES if job.retries is None else job.retries
        return row

    def _job_row(self, token: int, process: str, element: str, kind: str, type_: str) -> dict[str, Any]:
        now = self.transaction.now
        return {
            "key": new_key(), "region": self.case.region, "case": self.case.key, "token": token, "process": process,
            "element": element, "kind": kind, "type": type_, "due_at": now, "anchor": now, "tries": 0,
            "retries": DEFAULT_TRIES, "status": "suspended" if self.case.suspended else "waiting", "error": None,
            "provisional": False, "payload": None, "worker": None, "holder": None, "lease": 0,
        }  # fmt: skip

    def _subscribe(self, step: Step, gone: Mapping[int, Left]) -> None:
        rows = [self._subscription_row(one) for one in step.subscriptions if one.token not in gone]
        self.transaction.insert(t.subscription, rows)

    def _subscription_row(self, one: Subscribed) -> dict[str, Any]:
        key = new_key()
        shown = self.keyring.seal(one.key.encode(), key_place(key)) if one.key else None
        return {
            "key": key, "region": self.case.region, "case": self.case.key, "token": one.token, "process": one.process,
            "element": one.element, "message": one.message, "kind": one.kind, "since": self.transaction.now,
            "correlation": self.keyring.blind("correlation", one.key), "shown_key": shown,
        }  # fmt: skip


def activity_place(case: int, token: int) -> bytes:
    """Return what the values of an activity are bound to when sealed."""
    return b"activity:%d:%d" % (case, token)


_WITH_JOBS = frozenset({"timer", "job"})
_WITH_SUBSCRIPTIONS = frozenset({"message", "signal", "conditional"})
_EVENTS = frozenset({"timer"}) | _WITH_SUBSCRIPTIONS
_LISTENING = frozenset({"boundaryEvent", "startEvent"})
_PENDING = ("waiting", "queued", "offered", "incident", "suspended")

_CLOSE_TASK = (
    t.user_task.update()
    .where(
        t.user_task.c.case == sa.bindparam("case_"),
        t.user_task.c.token == sa.bindparam("token_"),
        t.user_task.c.status == "open",
    )
    .values(
        {name: sa.bindparam(name) for name in ("status", "closed_at", "closed_by", "closed_name", "request")}
        | {"revision": t.user_task.c.revision + 1, "draft": None, "draft_at": None}
    )
)
_LEAVE = (
    t.activity.update()
    .where(
        t.activity.c.case == sa.bindparam("case_"),
        t.activity.c.token == sa.bindparam("token_"),
        t.activity.c.left_at.is_(None),
    )
    .values({name: sa.bindparam(name) for name in ("left_at", "outcome", "person", "person_name", "values", "note")})
)
_CANCEL_JOB = (
    t.job.update()
    .where(
        t.job.c.case == sa.bindparam("case_"),
        t.job.c.token == sa.bindparam("token_"),
        sa.or_(*(t.job.c.status == status for status in _PENDING)),
    )
    .values(status=sa.bindparam("status"))
)
_RESOLVE_OF_ENDED_JOBS = (
    t.incident.update()
    .where(
        t.incident.c.case == sa.bindparam("case_"),
        t.incident.c.resolved_at.is_(None),
        t.incident.c.job.in_(
            sa.select(t.job.c.key).where(
                t.job.c.case == sa.bindparam("case_"), t.job.c.status.in_(("cancelled", "done"))
            )
        ),
    )
    .values(resolved_at=sa.bindparam("resolved_at"), resolved_by="system")
)
_UNSUBSCRIBE = t.subscription.delete().where(
    t.subscription.c.case == sa.bindparam("case_"), t.subscription.c.token == sa.bindparam("token_")
)
