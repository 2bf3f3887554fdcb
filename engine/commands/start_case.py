"""Starts a case from its start form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.access import Subject, covers, may, scope
from engine.commands.forms import submitted
from engine.commands.requests import answered, remember
from engine.commands.step import Beginning, begin_case
from engine.commands.suspension import check_startable
from engine.errors import Forbidden, Invalid, Text
from engine.model import Actor
from engine.runtime import LoadedDefinition, Runtime
from engine.store import files
from engine.store.transaction import Transaction

CITIZEN_CHANNELS = frozenset({"h5", "app", "wechat"})


@dataclass(frozen=True, slots=True)
class StartedCase:
    """The new case and the number it is followed by."""

    key: int
    number: str
    name: str


def start_case(
    runtime: Runtime,
    transaction: Transaction,
    actor: Actor,
    *,
    process: str,
    region: str,
    values: Mapping[str, Any],
    channel: str = "web",
    owner: str | None = None,
    idempotency_key: str | None = None,
) -> StartedCase:
    """Return the started case.

    ``values`` are raw form values; ``owner`` names the uploads of this form (``start:<token>``). A repeated
    ``idempotency_key`` returns the first case. Raises NotFound, Forbidden, Conflict
    while the process is suspended, or Invalid with a sentence per field.
    """
    known = answered(transaction, actor, idempotency_key)
    if known is not None:
        return StartedCase(int(known["key"]), known["number"], known["name"])
    definition = runtime.latest(transaction, process)
    check_startable(transaction, process)
    _check_start(runtime, transaction, actor, definition, region, channel)
    form = definition.start_form
    uploads = files.of_owner(transaction, runtime.keyring, owner) if owner else {}
    accepted: Mapping[str, Any] = values
    if form is not None:
        accepted = submitted(runtime, transaction, form, values, {}, region, uploads)
    row = begin_case(runtime, transaction, actor, Beginning(definition, region, accepted, channel))
    if owner and uploads:
        files.give_to_case(transaction, owner, row.key, row.region)
    started = StartedCase(row.key, row.number, definition.name)
    remember(transaction, actor, idempotency_key, {"key": str(row.key), "number": row.number, "name": definition.name})
    return started


def _check_start(
    runtime: Runtime, transaction: Transaction, actor: Actor, definition: LoadedDefinition, region: str, channel: str
) -> None:
    if not runtime.regions.exists(region):
        raise Invalid(
            Text("请选择所在的乡镇(街道)。", f"Expected a township of the city, but “{region}” is none; choose one."),
            {"region": Text("请选择所在的乡镇(街道)", "Choose the township")},
        )
    roles = runtime.published(transaction).roles
    process = definition.row.process
    if actor.person is None and channel in CITIZEN_CHANNELS:
        if process in roles["citizen"].starts:
            return
    elif may(roles, actor, "start_case", Subject(region)) and _starts(runtime, transaction, actor, process, region):
        return
    raise Forbidden(
        Text(
            f"您的岗位不能在该地区发起「{definition.name}」,请由当地经办人员发起。",
            f"Expected a role that starts “{definition.name}” in this place; ask the local operator to start it.",
        )
    )


def _starts(runtime: Runtime, transaction: Transaction, actor: Actor, process: str, region: str) -> bool:
    roles = runtime.published(transaction).roles
    grants = scope(roles, actor, "start_case").grants
    return any(process in roles[role].starts and covers((prefix,), region) for role, prefix in grants)
