"""Process instances move to another version of their process: one at once, or many as a batch."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from engine.commands.migrate_cases import migrate_cases
from engine.commands.migrate_one import migrate_one
from engine.errors import Invalid, Text
from engine.queries.search.batches import MIGRATE
from web.api.batch_operations import BatchOperationCreated
from web.api.choosing import InstanceFilter, chosen_cases
from web.api.operation import Operation
from web.api.process_instances import reason_of
from web.api.shapes import Body, Key, Reference, Referenced, number
from web.context import actor, runtime, tx


class MappingInstruction(Body):
    """Which element of the other version an element becomes; for what is not named the suggested map counts."""

    source_element_id: str
    target_element_id: str


class MigrationInstruction(Referenced, kw_only=True):
    """To which version a process instance moves; the reference stands in the reason that is kept."""

    target_process_definition_key: Key
    mapping_instructions: list[MappingInstruction] = msgspec.field(default_factory=list)


class MigrationPlan(Body):
    """To which version process instances move."""

    target_process_definition_key: Key
    mapping_instructions: list[MappingInstruction] = msgspec.field(default_factory=list)


class MigrationBatch(Body, kw_only=True):
    """Which open process instances of one version move, and to which version."""

    filter: InstanceFilter
    migration_plan: MigrationPlan
    operation_reference: Reference | None = None


def migrate_process_instance(process_instance_key: int, body: MigrationInstruction) -> None:
    """Move one process instance to another version now; claims, drafts, timers and variables stay."""
    migrate_one(
        runtime(), tx(), actor(), case=process_instance_key, target=number(body.target_process_definition_key),
        elements=_elements(body.mapping_instructions), reason=reason_of(body.operation_reference),
    )  # fmt: skip


def migrate_process_instances_batch_operation(body: MigrationBatch) -> BatchOperationCreated:
    """Let the open process instances that meet the filter move; who does not fit stays, and the batch tells why."""
    found = chosen_cases("migrate", body.filter)
    plan = body.migration_plan
    planned = migrate_cases(
        runtime(), tx(), actor(), cases=list(found), source=_one_version(found), reason=reason_of(body.operation_reference),
        target=number(plan.target_process_definition_key), elements=_elements(plan.mapping_instructions),
    )  # fmt: skip
    return BatchOperationCreated(batch_operation_key=str(planned.key), batch_operation_type=MIGRATE)


def _elements(instructions: Sequence[MappingInstruction]) -> dict[str, str]:
    return {one.source_element_id: one.target_element_id for one in instructions}


def _one_version(found: dict[int, int]) -> int:
    versions = set(found.values())
    if len(versions) != 1:
        message = Text(
            "filter 应只选中一个版本的在办案件,请写明 processDefinitionKey。",
            f"Expected a filter that selects open process instances of one version, but they are of {len(versions)}; "
            "name the processDefinitionKey.",
        )
        raise Invalid(message, {"filter": message})
    return versions.pop()


OPERATIONS = (
    Operation(
        "POST", "/process-instances/{processInstanceKey}/migration", migrate_process_instance, "migrate",
        MigrationInstruction,
    ),
    Operation(
        "POST", "/process-instances/migration", migrate_process_instances_batch_operation, "migrate", MigrationBatch,
        BatchOperationCreated,
    ),
)  # fmt: skip
