"""An installation with people, and short ways to bring cases to where a command can begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from engine.clock import FixedClock
from engine.commands.activate_jobs import activate_jobs
from engine.commands.deploy import deploy
from engine.commands.propose_modification import propose_modification
from engine.commands.settle_job import as_fault, settle_job
from engine.commands.start_repair import start_repair
from engine.model import Actor, Modification, TokenStart
from engine.queries.incidents import incidents
from engine.queries.waiting import pending_services
from engine.runtime import Runtime
from engine.store import definitions
from engine.store.incident_filter import IncidentFilter
from engine.testing import Desk, Kit, Staff
from engine.testing.places import HILL, NORTH

PARCEL = {"sender_name": "王芳", "phone": "13800000001", "amount": "5"}
WHY = "演练"
Act = Callable[[], object]


@dataclass
class World:
    """An installation with people and short ways to get cases to where a command can begin."""

    runtime: Runtime
    desk: Desk
    staff: Staff
    clock: FixedClock
    kit: Kit

    def __post_init__(self) -> None:
        self.library, self.count = self.kit.library, count(1)
        self.clerk = self.staff.person("clerk", HILL)
        self.supervisor = self.staff.person("supervisor", HILL)
        self.operations = self.staff.person("operations")
        self.second = self.staff.person("operations", number=2)
        self.publisher = self.staff.person("publisher")
        self.admin = self.staff.person("admin")

    def do(self, command: Any, actor: Actor, **given: Any) -> Act:
        return lambda: self.desk.do(command, actor, **given)

    def write(self, work: Callable[[Any], object]) -> Act:
        return lambda: self.runtime.attempt(work)

    def case(self) -> int:
        return self.desk.start(self.clerk, "approval", HILL, **PARCEL).key

    def recorded(self) -> int:
        case = self.case()
        self.desk.complete(self.clerk, case, "record", {"weight": "3"})
        return case

    def incident(self) -> int:
        case = self.recorded()
        self.desk.complete(self.supervisor, case, "decide", {"verdict": "yes"})
        with self.runtime.write() as transaction:
            job = next(job for job in pending_services(transaction) if job.case == case)
            for tries in range(5):
                settle_job(self.runtime, transaction, job=job.key, tries=tries, outcome=as_fault(TimeoutError()))
        return self.desk.ask(incidents, self.operations).rows[0].key

    def job(self) -> tuple[Actor, int]:
        broker = self.staff.person("broker", NORTH)
        self.desk.start(self.clerk, "customs", HILL, goods="茶叶")
        given = {"type": "customs.clear", "worker": "w", "timeout": timedelta(minutes=1)}
        [job] = self.desk.do(activate_jobs, broker, **given)
        return broker, job.key

    def newer(self) -> Act:
        """Deploy one more version of the process."""
        files = dict(self.library.folders["approval"])
        name = f"催办{next(self.count)}"
        files["approval.bpmn"] = files["approval.bpmn"].replace("催办".encode(), name.encode())
        return self.do(deploy, self.publisher, bundle=self.library.with_folder("approval", files).bundle("approval"))

    def versions(self) -> tuple[int, int, int]:
        case = self.recorded()
        self.newer()()
        with self.runtime.read() as transaction:
            new, old, *_ = definitions.versions(transaction, "approval")
        return case, old.key, new.key

    def proposal(self) -> int:
        plan = Modification(starts=(TokenStart("approval", "hurry"),), variables={"amount": "9"})
        given = {"case": self.recorded(), "plan": plan, "reason": WHY}
        return int(self.desk.do(propose_modification, self.operations, **given).key)

    def repair(self) -> tuple[int, int]:
        incident = self.incident()
        given = {"action": "retry", "given": IncidentFilter(), "reason": WHY}
        return self.desk.do(start_repair, self.operations, **given).key, incident
