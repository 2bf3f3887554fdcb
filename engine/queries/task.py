"""One user task: what the case is about, the form, what happened so far, where it is on the diagram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.access import Subject, may
from engine.errors import Text
from engine.feel import Environment
from engine.forms import Form, Source
from engine.model import Actor
from engine.queries import attachments, incidents
from engine.queries.attachments import DocumentRow, FileRow
from engine.queries.case import CaseSummary, DiagramState, diagram_states, summary, visible_case
from engine.queries.due import Due, due
from engine.queries.history import HistoryRow, history
from engine.queries.offered_to import offered_to
from engine.queries.reasons import Reason, reasons
from engine.runtime import Runtime
from engine.runtime.opening import OpenedCase
from engine.runtime.rejections import unknown_task
from engine.runtime.sources import option_sources
from engine.store import activities, files, people, user_tasks
from engine.store.transaction import Transaction
from engine.store.user_tasks import TaskRow, draft_place, subject_of
from engine.store.values import unpack


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a task can be handed to."""

    key: int
    name: str


@dataclass(frozen=True)
class TaskPage:
    """A user task as a page; ``values`` are the draft, or what was entered when it was completed."""

    row: TaskRow
    role_name: Text
    due: Due | None
    summary: CaseSummary
    form: Form | None
    values: Mapping[str, Any]
    drafted: bool
    view: Mapping[str, Any]
    environment: Environment
    sources: Mapping[str, Source]
    uploads: Mapping[str, Mapping[str, Any]]
    history: tuple[HistoryRow, ...]
    reasons: Mapping[int, tuple[Reason, ...]]
    documents: tuple[DocumentRow, ...]
    files: tuple[FileRow, ...]
    diagrams: tuple[DiagramState, ...]
    may_work: bool
    may_reassign: bool
    may_correct: bool
    colleagues: tuple[Colleague, ...]


def task_page(runtime: Runtime, transaction: Transaction, actor: Actor, task: int) -> TaskPage:
    """Return the task. Raises NotFound when there is none for this person."""
    row = user_tasks.find(transaction, task)
    if row is None:
        raise unknown_task()
    opened = visible_case(runtime, transaction, actor, row.case)
    past = history(runtime, transaction, row.case)
    roles = opened.published.roles
    form = opened.definition.forms.get(row.form or "")
    reassign = row.status == "open" and may(roles, actor, "reassign", subject_of(row))
    return TaskPage(
        row=row,
        role_name=offered_to(roles, row.role, row.others),
        due=due(opened.published.calendar, transaction.now, row.due_at, row.provisional),
        summary=summary(runtime, opened),
        form=form,
        values=_values(runtime, transaction, row),
        drafted=row.draft is not None,
        view=_view(opened, row),
        environment=Environment(transaction.now, opened.published.calendar),
        sources=option_sources(runtime, transaction, form, opened.row.region) if form else {},
        uploads=files.of_owner(transaction, runtime.keyring, f"task:{row.key}"),
        history=past,
        reasons=reasons(opened.definition, past),
        documents=attachments.documents(transaction, row.case),
        files=attachments.files(transaction, runtime.keyring, row.case),
        diagrams=diagram_states(opened, past, incidents.of_case(transaction, row.case)),
        may_work=row.status == "open" and may(roles, actor, "work", subject_of(row)),
        may_reassign=reassign,
        may_correct=_may_correct(opened, actor, row),
        colleagues=_colleagues(runtime, transaction, row) if reassign else (),
    )


def _view(opened: OpenedCase, row: TaskRow) -> Mapping[str, Any]:
    return opened.run.view(row.token if row.status == "open" else None)


def _values(runtime: Runtime, transaction: Transaction, row: TaskRow) -> Mapping[str, Any]:
    if row.status != "open":
        return activities.values(transaction, runtime.keyring, row.case, row.token) or {}
    if row.draft is not None:
        return dict(unpack(runtime.keyring.open(row.draft, draft_place(row.key))))
    # What the case knows already is drawn from the view, where personal numbers stay masked.
    return {}


def _may_correct(opened: OpenedCase, actor: Actor, row: TaskRow) -> bool:
    if row.status != "completed" or opened.row.status != "open" or row.form is None:
        return False
    return row.closed_by == actor.person or may(opened.published.roles, actor, "correct", Subject(row.region))


def _colleagues(runtime: Runtime, transaction: Transaction, row: TaskRow) -> tuple[Colleague, ...]:
    roles = runtime.published(transaction).roles
    subject = replace(subject_of(row), assignee=None)
    fitting = (
        person
        for person in people.everyone(transaction)
        if person.active and may(roles, people.actor(person), "work", subject)
    )
    return tuple(Colleague(person.key, person.name) for person in fitting)
