"""Keeps what a person typed so far into an open task's form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.access import may
from engine.commands.tasks import check_not_taken, check_open
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_task
from engine.store import user_tasks
from engine.store.transaction import Transaction
from engine.store.user_tasks import subject_of
from engine.store.values import pack


def save_draft(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, task: int, values: Mapping[str, Any]
) -> None:
    """Keep the raw values with the task; they survive a lost session and a reassignment.

    Raises NotFound when hidden and Conflict when closed or held by somebody else.
    """
    row = user_tasks.find(transaction, task)
    if row is None or not may(runtime.published(transaction).roles, actor, "work", subject_of(row)):
        raise unknown_task()
    check_open(row)
    check_not_taken(row, actor)
    sealed = runtime.keyring.seal(pack(dict(values)), user_tasks.draft_place(row.key))
    user_tasks.save_draft(transaction, row, sealed)
