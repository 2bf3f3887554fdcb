"""Every route against every kind of person; a route that is not listed here fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from web.dispatch import Application

EVERYBODY = "everybody"
STAFF = {
    "operator", "approver", "county", "keeper", "manager", "designer", "publisher", "operations", "administrator",
    "auditor",
}  # fmt: skip
WORKERS = {"operator", "approver", "county", "decider", "keeper"}
SEERS = WORKERS | {"manager", "auditor"}
WATCHERS = {"approver", "county", "decider", "keeper", "manager", "operations", "administrator"}

# endpoint: method, an address, who may open it
MATRIX: dict[str, tuple[str, str, set[str] | str]] = {
    "static": ("GET", "/static/icon.svg", EVERYBODY),
    "api.health": ("GET", "/health", EVERYBODY),
    "api.ready": ("GET", "/ready", EVERYBODY),
    "api.metrics": ("GET", "/metrics", {"operations", "administrator"}),
    "auth.sign_in": ("POST", "/sign-in", EVERYBODY),
    "auth.sign_in_page": ("GET", "/sign-in", EVERYBODY),
    "auth.sign_out": ("POST", "/sign-out", STAFF),
    "choices.choose_language": ("GET", "/language/en", EVERYBODY),
    "choices.choose_size": ("GET", "/size/large", EVERYBODY),
    "citizen.home": ("GET", "/", EVERYBODY),
    "citizen.manifest": ("GET", "/manifest.webmanifest", EVERYBODY),
    "citizen.begin": ("GET", "/apply/relief", EVERYBODY),
    "citizen.step": ("POST", "/apply/relief", EVERYBODY),
    "citizen.progress_page": ("GET", "/progress", EVERYBODY),
    "citizen.progress": ("POST", "/progress", EVERYBODY),
    "staff.worklist": ("GET", "/desk/", WORKERS),
    "staff.done": ("GET", "/desk/done", WORKERS),
    "staff.claim": ("POST", "/desk/tasks/1/claim", WORKERS),
    "staff.unclaim": ("POST", "/desk/tasks/1/unclaim", WORKERS),
    "staff.task": ("GET", "/desk/tasks/1", WORKERS),
    "staff.complete": ("POST", "/desk/tasks/1", WORKERS),
    "staff.draft": ("POST", "/desk/tasks/1/draft", WORKERS),
    "staff.fields": ("POST", "/desk/tasks/1/fields", WORKERS),
    "staff.payroll": ("GET", "/desk/payroll", {"operator", "colleague", "stranger", "approver", "county", "decider"}),
    "staff.sweep_ledger": ("GET", "/desk/sweep", WORKERS),
    "staff.sweep_seen": ("POST", "/desk/sweep/1", WORKERS),
    "staff.assign": ("POST", "/desk/tasks/1/assign", WORKERS),
    "staff.correct_page": ("GET", "/desk/tasks/1/correct", WORKERS),
    "staff.correct": ("POST", "/desk/tasks/1/correct", WORKERS),
    "staff.startable": ("GET", "/desk/start", {"operator", "county"}),
    "staff.start_page": ("GET", "/desk/start/relief", {"operator", "county"}),
    "staff.start": ("POST", "/desk/start/relief", {"operator", "county"}),
    "staff.start_fields": ("POST", "/desk/start/relief/fields", {"operator", "county"}),
    "staff.cases": ("GET", "/desk/cases", SEERS),
    "staff.case": ("GET", "/desk/cases/1", SEERS),
    "staff.roster": ("GET", "/desk/roster", {"operator", "approver", "county", "decider"}),
    "staff.reveal": ("POST", "/desk/cases/1/reveal", WORKERS),
    "staff.tell_page": ("GET", "/desk/cases/1/tell/nothing", WORKERS),
    "staff.tell": ("POST", "/desk/cases/1/tell/nothing", WORKERS),
    "staff.tell_fields": ("POST", "/desk/cases/1/tell/nothing/fields", WORKERS),
    "staff.cancel": ("POST", "/desk/cases/1/cancel", {"operations"}),
    "staff.grant_reading": ("POST", "/desk/cases/1/readers", {"keeper"}),
    "staff.end_reading": ("POST", "/desk/cases/1/readers/1/end", {"keeper"}),
    "staff.document": ("GET", "/desk/documents/1", SEERS),
    "staff.file": ("GET", "/desk/files/nothing", SEERS),
    "staff.diagram": ("GET", "/desk/diagrams/1/relief.bpmn", STAFF),
    "manager.home": ("GET", "/watch/", {"approver", "county", "decider", "keeper", "manager"}),
    "manager.overdue": ("GET", "/watch/overdue", {"approver", "county", "decider", "keeper", "manager"}),
    "manager.sweep": ("GET", "/watch/sweep", {"approver", "county", "decider", "keeper", "manager"}),
    "manager.green": ("GET", "/watch/green", {"approver", "county", "decider", "keeper", "manager"}),
    "manager.queries": ("GET", "/watch/queries", {"approver", "county", "decider", "keeper", "manager", "auditor"}),
    "manager.delegations": ("GET", "/watch/delegations", {"decider"}),
    "manager.record_delegation": ("POST", "/watch/delegations", {"decider"}),
    "manager.revoke_delegation": ("POST", "/watch/delegations/revoke", {"decider"}),
    "designer.processes": ("GET", "/design/", {"designer", "publisher"}),
    "designer.process": ("GET", "/design/relief", {"designer", "publisher"}),
    "designer.elements": ("GET", "/design/elements", {"designer", "publisher"}),
    "designer.feel": ("GET", "/design/feel", {"designer", "publisher"}),
    "designer.try_expression": ("POST", "/design/feel", {"designer", "publisher"}),
    "designer.upload_page": ("GET", "/design/upload", {"publisher"}),
    "designer.upload": ("POST", "/design/upload", {"publisher"}),
    "migrations.processes": ("GET", "/migrations/", {"publisher", "operations"}),
    "migrations.plan_page": ("GET", "/migrations/relief", {"publisher", "operations"}),
    "migrations.plan": ("POST", "/migrations/relief", {"publisher", "operations"}),
    "migrations.batch": ("GET", "/migrations/batches/1", {"publisher", "operations"}),
    "migrations.run": ("POST", "/migrations/batches/1/run", {"publisher", "operations"}),
    "migrations.undo": ("POST", "/migrations/batches/1/undo", {"publisher", "operations"}),
    "admin.incidents": ("GET", "/admin/incidents", WATCHERS),
    "admin.retry": ("POST", "/admin/incidents/1/retry", {"operations"}),
    "admin.skip": ("POST", "/admin/incidents/1/skip", {"operations"}),
    "admin.throw": ("POST", "/admin/incidents/1/error", {"operations"}),
    "admin.repairs": ("GET", "/admin/repairs", {"operations"}),
    "admin.start_repair": ("POST", "/admin/repairs", {"operations"}),
    "admin.repair": ("GET", "/admin/repairs/1", {"operations"}),
    "admin.stop_repair": ("POST", "/admin/repairs/1/stop", {"operations"}),
    "admin.suspensions": ("GET", "/admin/suspensions", WATCHERS),
    "admin.messages": ("GET", "/admin/messages", WATCHERS),
    "admin.send_message": ("POST", "/admin/messages", {"operations"}),
    "admin.suspend_case": ("POST", "/admin/suspensions/cases", {"operations"}),
    "admin.resume_case": ("POST", "/admin/suspensions/cases/1/resume", {"operations"}),
    "admin.suspend_process": ("POST", "/admin/suspensions/processes", {"operations"}),
    "admin.resume_process": ("POST", "/admin/suspensions/processes/relief/resume", {"operations"}),
    "admin.modifications": ("GET", "/admin/modifications", {"operations"}),
    "admin.modify_page": ("GET", "/admin/cases/1/modification", {"operations"}),
    "admin.propose_modification": ("POST", "/admin/cases/1/modification", {"operations"}),
    "admin.modification": ("GET", "/admin/modifications/1", {"operations"}),
    "admin.approve_modification": ("POST", "/admin/modifications/1/approve", {"operations"}),
    "admin.refuse_modification": ("POST", "/admin/modifications/1/refuse", {"operations"}),
    "admin.status": ("GET", "/admin/status", {"operations", "administrator"}),
    "admin.people": ("GET", "/admin/people", {"administrator"}),
    "admin.add_person": ("POST", "/admin/people", {"administrator"}),
    "admin.tokens": ("GET", "/admin/tokens", {"administrator"}),
    "admin.add_token": ("POST", "/admin/tokens", {"administrator"}),
    "admin.revoke_token": ("POST", "/admin/tokens/1/revoke", {"administrator"}),
    "admin.calendars": ("GET", "/admin/calendars", {"administrator"}),
    "admin.enter_calendar": ("POST", "/admin/calendars", {"administrator"}),
    "admin.clock": ("GET", "/admin/clock", STAFF),
    "admin.move_clock": ("POST", "/admin/clock", STAFF),
}


def test_every_route_is_listed(app: Application) -> None:
    # What programs may do, tests/web/api/test_access.py lists.
    pages = (rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith("v2."))
    routes = {rule.endpoint: set(rule.methods or ()) - {"HEAD", "OPTIONS"} for rule in pages}
    assert routes == {endpoint: {method} for endpoint, (method, _, _) in MATRIX.items()}


@pytest.mark.parametrize("login", sorted(STAFF))
def test_each_role_opens_exactly_its_pages(login: str, signed_in: Callable[[str], object]) -> None:
    person = signed_in(login)
    opened = set()
    for endpoint, (method, address, _) in MATRIX.items():
        if endpoint == "auth.sign_out":
            continue
        answer = person.get(address) if method == "GET" else person.post(address)
        if answer.status_code not in (401, 403):
            opened.add(endpoint)
    expected = {endpoint for endpoint, (_, _, who) in MATRIX.items() if who == EVERYBODY or login in who}
    assert opened == expected - {"auth.sign_out"}


def test_without_signing_in_only_public_pages_open(browser: object) -> None:
    for endpoint, (method, address, who) in MATRIX.items():
        answer = browser.get(address) if method == "GET" else browser.post(address)
        to_sign_in = answer.status_code == 302 and "/sign-in" in answer.headers["Location"]
        refused = answer.status_code == 401 or (method == "GET" and to_sign_in)
        assert refused == (who != EVERYBODY), endpoint


def test_a_denial_is_written_down(signed_in: Callable[[str], object], runtime: object) -> None:
    from engine.store import tables as t

    person = signed_in("operator")
    assert person.get("/admin/people").status_code == 403
    with runtime.read() as transaction:
        rows = transaction.execute(t.audit.select().where(t.audit.c.result == "denied")).all()
    assert [(row.action, row.name) for row in rows] == [("admin.people", "name of operator")]
