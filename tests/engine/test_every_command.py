"""Every command there is, failing at each statement and at its commit: all or nothing, and doing it again is right."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

import engine.commands
from engine.clock import SHANGHAI
from engine.commands.activate_jobs import activate_jobs
from engine.commands.add_person import add_person
from engine.commands.add_token import add_token
from engine.commands.approve_modification import approve_modification
from engine.commands.assign_task import assign_task
from engine.commands.attach_file import attach_file
from engine.commands.broadcast_signal import broadcast_signal
from engine.commands.cancel_case import cancel_case
from engine.commands.claim_task import claim_task
from engine.commands.complete_job import complete_job
from engine.commands.correct_form import correct_form
from engine.commands.correlate_message import correlate_message
from engine.commands.deliver import deliver
from engine.commands.dry_run_migration import dry_run_migration
from engine.commands.enter_calendar import enter_calendar
from engine.commands.expire_messages import expire_messages
from engine.commands.fail_job import fail_job
from engine.commands.hand_up_tasks import hand_up_tasks
from engine.commands.migrate_cases import migrate_cases
from engine.commands.migrate_one import migrate_one
from engine.commands.move_clock import move_clock
from engine.commands.note_token_use import note_token_use
from engine.commands.open_incident import open_incident
from engine.commands.plan_migration import plan_migration
from engine.commands.propose_modification import propose_modification
from engine.commands.publish_contents import publish_contents
from engine.commands.publish_message import publish_message
from engine.commands.record_denial import record_denial
from engine.commands.record_opening import record_opening
from engine.commands.refuse_modification import refuse_modification
from engine.commands.remove_file import remove_file
from engine.commands.repair_incident import repair_incident
from engine.commands.resolve_incident import resolve_incident
from engine.commands.resume_case import resume_case
from engine.commands.resume_process import resume_process
from engine.commands.reveal import reveal
from engine.commands.revoke_token import revoke_token
from engine.commands.run_migration import run_migration
from engine.commands.save_draft import save_draft
from engine.commands.sign_in import hash_password, sign_in
from engine.commands.sign_out import sign_out
from engine.commands.skip_activity import skip_activity
from engine.commands.start_by_timer import start_by_timer
from engine.commands.start_repair import start_repair
from engine.commands.stop_job import stop_job
from engine.commands.stop_repair import stop_repair
from engine.commands.suspend_case import suspend_case
from engine.commands.suspend_process import suspend_process
from engine.commands.tell_case import tell_case
from engine.commands.throw_error import throw_error
from engine.commands.throw_job_error import throw_job_error
from engine.commands.unclaim_task import unclaim_task
from engine.commands.update_job import update_job
from engine.commands.update_task import update_task
from engine.commands.update_variables import update_variables
from engine.errors import ModelError, Text
from engine.jobs.migrating import work_off_migrations
from engine.model import SYSTEM, Grant, Modification, TokenStart
from engine.runtime.published import ROLES
from engine.store import case_migrations
from engine.store import tables as t
from engine.store.incident_filter import IncidentFilter
from engine.testing.places import HILL, NORTH
from tests.engine import test_faults
from tests.engine.commands.drawn import by_time, put
from tests.engine.commands.test_files import TOKEN, _picture
from tests.engine.failing import fails_cleanly_everywhere
from tests.engine.world import WHY, Act, World

FAULT = ModelError(Text("坏了。", "It is broken."), "decide")

# In ``tests/engine/test_faults.py``, each with what it sets off.
IN_TEST_FAULTS = frozenset(
    {"start_case", "complete_task", "trigger_timer", "settle_job", "migrate_case", "undo_migration"}
)
# No transaction of their own: what they write stands or falls with the command named.
WITHIN = {
    "distribute": "publish_message", "receive": "publish_message", "spread_signal": "broadcast_signal",
    "renew_starts": "deploy", "settle": "complete_task", "recompute_timers": "enter_calendar",
}  # fmt: skip
# Its setting, a restricted process, is that of ``tests/engine/commands``; it writes as ``record_opening`` does.
ELSEWHERE = frozenset({"grant_reading"})


def _tasks(w: World) -> Iterator[tuple[str, Callable[[], Act]]]:
    def open_task() -> int:
        return w.desk.task(w.case(), "record").key

    def claimed() -> int:
        task = open_task()
        w.desk.do(claim_task, w.clerk, task=task)
        return task

    def recorded_task() -> int:
        task = w.desk.task(case := w.case(), "record").key
        w.desk.complete(w.clerk, case, "record", {"weight": "3"})
        return task

    other = w.staff.person("clerk", HILL, 2)
    yield "claim_task", lambda: w.do(claim_task, w.clerk, task=open_task())
    yield "unclaim_task", lambda: w.do(unclaim_task, w.clerk, task=claimed())
    yield "assign_task", lambda: w.do(assign_task, w.supervisor, task=open_task(), person=other.person, reason=WHY)
    yield (
        "update_task",
        lambda: w.do(update_task, w.supervisor, task=w.desk.task(w.recorded(), "decide").key, priority=80),
    )
    taken_back = {"matter": "parcels", "region": HILL, "reason": WHY}
    yield "hand_up_tasks", lambda: (w.recorded(), w.do(hand_up_tasks, w.supervisor, **taken_back))[1]
    yield "save_draft", lambda: w.do(save_draft, w.clerk, task=claimed(), values={"weight": "3"})
    yield "correct_form", lambda: w.do(correct_form, w.clerk, task=recorded_task(), values={"weight": "4"}, reason=WHY)
    picture = {"owner": TOKEN, "field": "photos", "name": "a.png", "data": _picture()}
    yield "attach_file", lambda: w.do(attach_file, w.clerk, **picture)
    yield (
        "remove_file",
        lambda: w.do(remove_file, w.clerk, owner=TOKEN, file=w.desk.do(attach_file, w.clerk, **picture).key),
    )
    yield "reveal", lambda: w.do(reveal, w.supervisor, case=w.case(), name="phone", reason=WHY)


def _jobs(w: World) -> Iterator[tuple[str, Callable[[], Act]]]:
    def offered() -> Act:
        w.desk.start(w.clerk, "customs", HILL, goods="茶叶")
        broker = w.staff.person("broker", NORTH)
        return w.do(activate_jobs, broker, type="customs.clear", worker="w", timeout=timedelta(minutes=1))

    def held(command: Any, **given: Any) -> Act:
        broker, job = w.job()
        return w.do(command, broker, job=job, **given)

    yield "activate_jobs", offered
    yield "complete_job", lambda: held(complete_job, values={"duty": 0, "load": 1})
    yield "fail_job", lambda: held(fail_job, retries=0, message="坏")
    yield "throw_job_error", lambda: held(throw_job_error, code="SEIZED")
    yield "update_job", lambda: held(update_job, retries=7)
    yield "stop_job", lambda: held(stop_job, fault=FAULT)


def _repairs(w: World) -> Iterator[tuple[str, Callable[[], Act]]]:
    ops = w.operations
    yield "resolve_incident", lambda: w.do(resolve_incident, ops, incident=w.incident(), reason=WHY)
    yield "skip_activity", lambda: w.do(skip_activity, ops, incident=w.incident(), values={"waybill": "W"}, reason=WHY)
    yield "throw_error", lambda: w.do(throw_error, ops, incident=w.incident(), code="REJECTED", reason=WHY)
    yield (
        "update_variables",
        lambda: w.do(update_variables, ops, incident=w.incident(), values={"to": "李四"}, reason=WHY),
    )
    yield "open_incident", lambda: w.do(open_incident, SYSTEM, case=w.recorded(), fault=FAULT)
    yield "cancel_case", lambda: w.do(cancel_case, ops, case=w.recorded(), reason=WHY)
    yield "suspend_case", lambda: w.do(suspend_case, ops, case=w.recorded(), reason=WHY)

    def suspended() -> int:
        w.desk.do(suspend_case, ops, case=(case := w.recorded()), reason=WHY)
        return case

    yield "resume_case", lambda: w.do(resume_case, ops, case=suspended(), reason=WHY)
    yield "suspend_process", lambda: (w.recorded(), w.do(suspend_process, ops, process="approval", reason=WHY))[1]
    yield "resume_process", lambda: w.do(resume_process, ops, process="approval", reason=WHY)
    plan = Modification(starts=(TokenStart("approval", "hurry"),))
    yield "propose_modification", lambda: w.do(propose_modification, ops, case=w.recorded(), plan=plan, reason=WHY)
    yield "approve_modification", lambda: w.do(approve_modification, w.second, modification=w.proposal(), note=WHY)
    yield "refuse_modification", lambda: w.do(refuse_modification, w.second, modification=w.proposal(), note=WHY)

    def begun() -> Act:
        w.incident()
        return w.do(start_repair, ops, action="retry", given=IncidentFilter(), reason=WHY)

    def mend() -> Act:
        key, incident = w.repair()
        return w.write(lambda transaction: repair_incident(w.runtime, transaction, repair=key, incident=incident))

    yield "start_repair", begun
    yield "repair_incident", mend
    yield "stop_repair", lambda: w.do(stop_repair, ops, repair=w.repair()[0])


def _versions(w: World) -> Iterator[tuple[str, Callable[[], Act]]]:
    def planned(command: Any = None) -> Any:
        case, old, new = w.versions()
        given = {"process": "approval", "source": old, "target": new, "reason": WHY}
        if command is not None:
            return w.do(command, w.publisher, **given)
        return w.desk.do(plan_migration, w.publisher, **given).key, case

    def look() -> Act:
        key, case = planned()
        with w.runtime.read() as transaction:
            batch = case_migrations.find(transaction, key)
        return w.write(lambda transaction: dry_run_migration(w.runtime, transaction, migration=batch, case=case))

    def looked_at() -> int:
        key, _ = planned()
        while work_off_migrations(w.runtime):
            pass
        return int(key)

    def moved(command: Any, several: bool) -> Act:
        case, old, new = w.versions()
        which = {"cases": [case], "source": old} if several else {"case": case}
        return w.do(command, w.publisher, target=new, reason=WHY, **which)

    yield "plan_migration", lambda: planned(plan_migration)
    yield "dry_run_migration", look
    yield "run_migration", lambda: w.do(run_migration, w.publisher, migration=looked_at())
    yield "migrate_cases", lambda: moved(migrate_cases, True)
    yield "migrate_one", lambda: moved(migrate_one, False)
    yield "deploy", w.newer


def _messages(w: World) -> Iterator[tuple[str, Callable[[], Act]]]:
    def waiting(command: Any) -> Act:
        w.desk.start(w.clerk, "waiting", HILL, order_no="A1")
        return w.do(command, SYSTEM, name="receipt", key="A1", values={})

    def expired() -> Act:
        w.desk.do(publish_message, SYSTEM, name="receipt", key="B", life=timedelta(minutes=1), region=HILL)
        w.clock.advance(timedelta(hours=1))
        return w.write(lambda transaction: expire_messages(w.runtime, transaction))

    def held_back() -> Act:
        case = w.desk.start(w.clerk, "waiting", HILL, order_no="A2").key
        w.desk.do(suspend_case, w.operations, case=case, reason=WHY)
        w.desk.do(publish_message, SYSTEM, name="receipt", key="A2", region=HILL)
        w.desk.do(resume_case, w.operations, case=case, reason=WHY)
        return w.write(lambda transaction: deliver(w.runtime, transaction))

    def told() -> Act:
        case = w.desk.start(w.clerk, "waiting", HILL, order_no="A3").key
        w.desk.do(publish_message, SYSTEM, name="receipt", key="A3", region=HILL)
        said = {"withdrawal_reason": WHY}
        return w.do(tell_case, w.clerk, case=case, message="withdrawal", values=said, idempotency_key="a3")

    def timed() -> Act:
        put(w.desk, w.library, "stocktaking", by_time("stocktaking", "timeDuration", "PT1H"))
        w.clock.advance(timedelta(hours=2))
        with w.runtime.read() as transaction:
            timer = transaction.execute(sa.select(t.start_timer.c.key)).scalar_one()
        return w.write(lambda transaction: start_by_timer(w.runtime, transaction, timer=timer))

    yield "deliver", held_back
    yield "start_by_timer", timed
    yield "publish_message", lambda: waiting(publish_message)
    yield "correlate_message", lambda: waiting(correlate_message)
    yield "broadcast_signal", lambda: w.do(broadcast_signal, w.operations, name="closing", reason=WHY)
    yield "expire_messages", expired
    yield "tell_case", told


def _people(w: World) -> Iterator[tuple[str, Callable[[], Act]]]:
    grants = (Grant("clerk", HILL),)
    secret = "correct horse battery"
    hashed = hash_password(secret)

    def adding(login: str) -> Act:
        given = {"login": login, "name": "王芳", "password": secret, "password_hash": hashed, "grants": grants}
        return w.do(add_person, w.admin, **given)

    def entering() -> Callable[[Any], Any]:
        adding(login := f"wang{next(w.count)}")()
        return lambda transaction: sign_in(w.runtime, transaction, login=login, password=secret, address="10.0.0.1")

    def leaving() -> Act:
        token = w.runtime.attempt(entering()).token
        return w.write(lambda transaction: sign_out(transaction, w.clerk, token=token))

    def token() -> int:
        given = {"name": "customs", "days": 9, "grants": (Grant("broker", NORTH),)}
        return int(w.desk.do(add_token, w.admin, **given).key)

    def used() -> Act:
        key = token()
        w.clock.advance(timedelta(hours=2))
        return w.write(lambda transaction: note_token_use(transaction, token=key))

    yield "add_person", lambda: adding("wang")
    yield "sign_in", lambda: w.write(entering())
    yield "sign_out", leaving
    yield "add_token", lambda: w.do(add_token, w.admin, name="customs", days=9, grants=(Grant("broker", NORTH),))
    yield "revoke_token", lambda: w.do(revoke_token, w.admin, token=token())
    yield "note_token_use", used
    asked = {"case": 1}
    yield (
        "record_denial",
        lambda: w.write(lambda transaction: record_denial(transaction, w.clerk, action="staff.case", asked=asked)),
    )

    def opening() -> Act:
        case = w.case()
        return w.write(lambda transaction: record_opening(transaction, w.clerk, [case], action="staff.case"))

    yield "record_opening", opening


def _settings(w: World) -> Iterator[tuple[str, Callable[[], Act]]]:
    year = {"year": 2027, "off_days": [date(2027, 1, 1)], "makeup_workdays": [], "source": "通知"}

    def entered() -> Act:
        # What is recorded now counts days of a year not announced yet: its timers are computed again.
        w.clock.set(datetime(2026, 12, 28, 9, tzinfo=SHANGHAI))
        w.recorded()
        return w.do(enter_calendar, w.admin, **year)

    def roles() -> Act:
        content = (w.kit.folder / "roles.yaml").read_bytes() + b"\n# newer\n"
        return w.do(publish_contents, SYSTEM, contents={(ROLES, "roles"): content})

    yield "enter_calendar", entered
    yield "publish_contents", roles

    def moved() -> Act:
        w.runtime.settings = replace(w.runtime.settings, demo=True)
        return w.do(move_clock, w.admin, to=w.clock.now() + timedelta(days=1))

    yield "move_clock", moved


GROUPS = (_tasks, _jobs, _repairs, _versions, _messages, _people, _settings)


def commands() -> set[str]:
    """Return the modules that hold a command: a public function of the module's name that takes a transaction."""
    found = set()
    for module in pkgutil.iter_modules(engine.commands.__path__):
        verb = getattr(importlib.import_module(f"engine.commands.{module.name}"), module.name, None)
        if inspect.isfunction(verb) and "transaction" in inspect.signature(verb).parameters:
            found.add(module.name)
    return found


@pytest.fixture
def world(runtime, desk, staff, clock, kit) -> World:
    return World(runtime, desk, staff, clock, kit)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__.strip("_"))
def test_a_command_is_done_wholly_or_not_at_all(world, databases, group):
    """On SQLite the statement fails before the database ran it, and a process dies; on PostgreSQL it fails after."""
    sqlite = world.runtime.database.sqlite
    for _, prepare in group(world):
        assert fails_cleanly_everywhere(world.runtime, prepare(), after=not sqlite, dies=sqlite) >= 1


def test_every_command_has_a_scenario_or_a_reason(world):
    listed = {name for group in GROUPS for name, _ in group(world)}
    assert commands() - listed - IN_TEST_FAULTS - WITHIN.keys() - ELSEWHERE == set()
    assert listed | IN_TEST_FAULTS | WITHIN.keys() | ELSEWHERE <= commands() | {"settle"}
    source = inspect.getsource(test_faults)
    assert all(f"import {name}" in source or f", {name}" in source for name in IN_TEST_FAULTS)
