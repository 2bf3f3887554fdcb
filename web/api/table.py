"""Every operation of the interface for programs, one resource after the other."""

from __future__ import annotations

from web.api import (
    batch_operations,
    cluster,
    decisions,
    deployments,
    element_instances,
    forms,
    incidents,
    jobs,
    message_subscriptions,
    messages,
    migrations,
    modifications,
    process_definitions,
    process_instances,
    resources,
    signals,
    suspensions,
    user_tasks,
    variables,
)
from web.api.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *cluster.OPERATIONS,
    *deployments.OPERATIONS,
    *resources.OPERATIONS,
    *process_definitions.OPERATIONS,
    *forms.OPERATIONS,
    *decisions.OPERATIONS,
    *process_instances.OPERATIONS,
    *suspensions.OPERATIONS,
    *migrations.OPERATIONS,
    *modifications.OPERATIONS,
    *batch_operations.OPERATIONS,
    *element_instances.OPERATIONS,
    *user_tasks.OPERATIONS,
    *variables.OPERATIONS,
    *jobs.OPERATIONS,
    *messages.OPERATIONS,
    *message_subscriptions.OPERATIONS,
    *signals.OPERATIONS,
    *incidents.OPERATIONS,
)
