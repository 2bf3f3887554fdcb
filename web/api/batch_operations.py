"""Batches: what was ordered for many process instances at once, and how far it is with each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from engine.commands.stop_repair import stop_repair
from engine.errors import Conflict, Text
from engine.queries.search.batches import (
    COLUMNS,
    ITEM_COLUMNS,
    MIGRATE,
    BatchItemLine,
    BatchLine,
    find_batch,
    search_batch_items,
    search_batches,
)
from engine.runtime.obstacles import REASONS
from engine.store.case_migrations import obstacles_of
from web.api.operation import Operation
from web.api.searching import answer_of, criteria, found, search_body
from web.api.shapes import Answer, text_of
from web.context import actor, runtime, tx
from web.language import said


class BatchOperationCreated(Answer):
    """A batch by its key."""

    batch_operation_key: str
    batch_operation_type: str


class BatchOperationError(Answer):
    """Why a whole batch stopped; ours never do, what hinders one case is told with it."""

    partition_id: int
    type: str
    message: str


class BatchOperation(Answer):
    """A batch: whose, since when, and how many of its process instances are done."""

    batch_operation_key: str
    state: str
    start_date: datetime | None
    actor_type: str | None
    actor_id: str | None
    operations_total_count: int
    operations_failed_count: int
    operations_completed_count: int
    batch_operation_type: str
    end_date: datetime | None
    errors: list[BatchOperationError] = msgspec.field(default_factory=list)


class BatchOperationItem(Answer):
    """One process instance or incident of a batch, and what stands in its way."""

    batch_operation_key: str
    item_key: str
    process_instance_key: str | None
    root_process_instance_key: str | None
    state: str
    error_message: str | None
    operation_type: str
    processed_date: datetime | None = None


BatchOperationQuery, BatchOperationPage = search_body("BatchOperation", COLUMNS), answer_of(BatchOperation)
BatchItemQuery, BatchItemPage = search_body("BatchOperationItem", ITEM_COLUMNS), answer_of(BatchOperationItem)


def get_batch_operation(batch_operation_key: int) -> BatchOperation:
    """Return how far one batch is."""
    return _rendered(find_batch(runtime(), tx(), actor(), batch_operation_key))


def search_batch_operations(body: Any) -> Answer:
    """Return batches of the token's area."""
    return found(BatchOperationPage, search_batches(runtime(), tx(), actor(), criteria(body)), _rendered)


def search_batch_operation_items(body: Any) -> Answer:
    """Return process instances of batches, with what stands in their way."""
    return found(BatchItemPage, search_batch_items(runtime(), tx(), actor(), criteria(body)), _item)


def cancel_batch_operation(batch_operation_key: int) -> None:
    """Stop mending incidents: what was not reached stays as it is. Cases that move are moved back on the pages."""
    line = find_batch(runtime(), tx(), actor(), batch_operation_key)
    if line.type == MIGRATE:
        raise Conflict(
            Text(
                "迁移不能中途停止,可在页面上整批撤回。",
                "Expected a batch that mends incidents; cases that were moved are moved back on the pages.",
            )
        )
    stop_repair(runtime(), tx(), actor(), repair=batch_operation_key)


def _rendered(line: BatchLine) -> BatchOperation:
    return BatchOperation(
        batch_operation_key=str(line.key),
        state=line.state,
        start_date=line.created_at,
        actor_type="CLIENT" if line.person is None else "USER",
        actor_id=line.person_name,
        operations_total_count=line.total,
        operations_failed_count=line.failed,
        operations_completed_count=line.done,
        batch_operation_type=line.type,
        end_date=line.ended_at,
    )


def _item(line: BatchItemLine) -> BatchOperationItem:
    reasons = [f"{one.element}: {said(REASONS[one.reason])}" for one in obstacles_of(line.obstacles)]
    fault = said(Text(line.fault_zh, line.fault_en))
    return BatchOperationItem(
        batch_operation_key=str(line.batch),
        item_key=str(line.item),
        process_instance_key=text_of(line.case),
        root_process_instance_key=text_of(line.case),
        operation_type=line.type,
        state=line.state,
        error_message="; ".join(filter(None, [fault, *reasons])) or None,
    )


OPERATIONS = (
    Operation("GET", "/batch-operations/{batchOperationKey}", get_batch_operation, "migrate", answer=BatchOperation),
    Operation("POST", "/batch-operations/{batchOperationKey}/cancellation", cancel_batch_operation, "repair"),
    Operation(
        "POST", "/batch-operations/search", search_batch_operations, "migrate", BatchOperationQuery, BatchOperationPage
    ),
    Operation(
        "POST", "/batch-operation-items/search", search_batch_operation_items, "migrate", BatchItemQuery, BatchItemPage
    ),
)
