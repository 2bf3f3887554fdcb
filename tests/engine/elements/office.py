"""Moves the case of a row by the product's own commands."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.commands.broadcast_signal import broadcast_signal
from engine.commands.correlate_message import deliver_to_case
from engine.commands.jobs import finish, throw
from engine.commands.publish_message import publish_message
from engine.commands.start_by_timer import start_by_timer
from engine.commands.step import Beginning, begin_case
from engine.commands.trigger_timer import trigger_timer
from engine.commands.work import open_work
from engine.errors import BpmnError
from engine.model import SYSTEM, Actor
from engine.runtime.opening import open_case
from engine.store import cases, jobs
from engine.store import tables as t
from engine.testing import Desk
from engine.testing.places import HILL
from tests.engine.elements.row import Row
from tests.engine.spiff.playing import numbers, places


@dataclass
class Office:
    """A desk, the clerk at it, and the case that is worked on."""

    desk: Desk
    clerk: Actor
    case: int = 0

    def start(self, row: Row) -> None:
        runtime = self.desk.runtime
        event = row.node()[0].event
        if row.begin is not None and event is not None:
            self.case = self._started_by(row.process, event.kind, event.name or "")
            return
        with runtime.write() as transaction:
            definition = runtime.latest(transaction, row.process)
            beginning = Beginning(definition, HILL, numbers(row.values), "web")
            self.case = begin_case(runtime, transaction, SYSTEM, beginning).key

    def _started_by(self, process: str, kind: str, name: str) -> int:
        before = self._cases(process)
        if kind == "message":
            self.desk.do(publish_message, SYSTEM, name=name, key="", values={"region": HILL})
        elif kind == "signal":
            self.desk.do(broadcast_signal, SYSTEM, name=name, region=HILL)
        else:
            self._let_time_start(process)
        (begun,) = self._cases(process) - before
        return begun

    def _let_time_start(self, process: str) -> None:
        """Fire the timer start event, and then its start for the clerk's township."""
        runtime = self.desk.runtime
        for region in (None, HILL):
            with runtime.write() as transaction:
                where = (t.start_timer.c.process == process, t.start_timer.c.region.is_not_distinct_from(region))
                query = sa.select(t.start_timer.c.key, t.start_timer.c.due_at).where(*where)
                key, due = transaction.execute(query).one()
            runtime.clock.set(max(due, runtime.clock.now()))  # type: ignore[attr-defined]  # tests run on a fixed clock
            with runtime.write() as transaction:
                assert start_by_timer(runtime, transaction, timer=key)

    def _cases(self, process: str) -> set[int]:
        with self.desk.runtime.read() as transaction:
            return set(transaction.execute(sa.select(t.case.c.key).where(t.case.c.process == process)).scalars())

    def move(self, what: str) -> None:
        """Do what a step of a row says."""
        verb, *names = what.split()
        if verb == "complete":
            self.desk.complete(self.clerk, self.case, names[0])
        elif verb == "choose":
            self._choose(names)
        elif verb == "send":
            assert self.desk.do(deliver_to_case, SYSTEM, case=self.case, name="objection", values={})
        elif verb == "hear":
            assert self.desk.do(broadcast_signal, SYSTEM, name="sig1").heard == 1
        elif verb == "fire":
            self._fire(names[0])
        else:
            self._settle(names[0], failed=verb == "fail")

    def where(self) -> str:
        runtime = self.desk.runtime
        with runtime.read() as transaction:
            row, state = next(
                (cases.CaseRow(*columns), state)
                for *columns, state in transaction.execute(_STATE, {"case_": self.case}).all()
            )
            opened = open_case(runtime, transaction, row, state)
            opened.run.gather()
            return places(opened.run)

    def _choose(self, names: list[str]) -> None:
        form = self.desk.task(self.case, "ad").form
        with self.desk.runtime.read() as transaction:
            row = cases.find(transaction, self.case)
            assert row is not None
            drawn = self.desk.runtime.definition(transaction, row.definition).forms[form or ""]
        single = next(field for field in drawn.fields if field.name == ("activate",)).type == "radio"
        chosen = names[0] if single and names else names
        self.desk.complete(self.clerk, self.case, "ad", {"activate": chosen} if names else {"finished": "true"})

    def _fire(self, element: str) -> None:
        runtime = self.desk.runtime
        row = self._job(element)
        runtime.clock.set(row.due_at)  # type: ignore[attr-defined]  # tests run on a fixed clock
        with runtime.write() as transaction:
            jobs.set_status(transaction, [{"key_": row.key, "status": jobs.QUEUED}])
            assert trigger_timer(runtime, transaction, job=row.key, tries=row.tries)

    def _settle(self, element: str, *, failed: bool) -> None:
        runtime = self.desk.runtime
        with runtime.write() as transaction:
            found = jobs.lock(transaction, self._job(element).key)
            assert found is not None
            row, locked = found
            work = open_work(runtime, transaction, SYSTEM, locked)
            if failed:
                assert throw(work, row, BpmnError("E1", {}))
            else:
                finish(work, row, {})

    def _job(self, element: str) -> jobs.JobRow:
        with self.desk.runtime.read() as transaction:
            query = sa.select(t.job.c.key).where(
                t.job.c.case == self.case, t.job.c.element == element, t.job.c.status == "waiting"
            )
            found = jobs.find(transaction, transaction.execute(query).scalar_one())
        assert found is not None
        return found


_STATE = (
    sa.select(*cases.CASE_COLUMNS, t.case_state.c.state)
    .select_from(t.case.join(t.case_state, t.case_state.c.case == t.case.c.key))
    .where(t.case.c.key == sa.bindparam("case_"))
)
