"""How far is my application: asked without an account, by number and phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from engine.errors import Forbidden, NotFound, Text
from engine.queries.history import HistoryRow, history
from engine.runtime import LoadedDefinition, Runtime
from engine.store import tables as t
from engine.store.attempts import Limit, count
from engine.store.transaction import Transaction

PER_ADDRESS = Limit("progress", most=30, within=timedelta(minutes=10))


@dataclass(frozen=True, slots=True)
class Stage:
    """One milestone the applicant understands: ``done``, ``active`` or ``open``."""

    name: str
    state: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an application stands; it names no person."""

    number: str
    process_name: str
    region_name: str
    started_at: datetime
    ended_at: datetime | None
    end_name: str | None
    stages: tuple[Stage, ...]
    now: tuple[str, ...]
    missing: tuple[str, ...]


def progress(runtime: Runtime, transaction: Transaction, *, number: str, phone: str, address: str) -> Progress:
    """Return where the application stands; needs a writing transaction, because tries are counted.

    Raises NotFound alike for an unknown number and a wrong phone, Forbidden after too many tries from an address.
    """
    if not count(transaction, runtime.keyring, PER_ADDRESS, address):
        raise Forbidden(Text("查询过于频繁,请十分钟后再试。", "Expected fewer questions; wait ten minutes."))
    blind = runtime.keyring.blind("phone", phone)
    row = transaction.execute(_FIND, {"number_": number.strip(), "blind_": blind}).first()
    if row is None:
        raise NotFound(
            Text(
                "没有找到这项申请,请核对受理编号和登记的手机号。",
                "Expected an application with this number and phone, but there is none; check both.",
            )
        )
    past = history(runtime, transaction, row.key)
    definition = runtime.definition(transaction, row.definition)
    return Progress(
        number=row.number,
        process_name=definition.name,
        region_name=runtime.regions.name(row.region),
        started_at=row.started_at,
        ended_at=row.ended_at,
        end_name=row.end_name,
        stages=_stages(definition, past, row.started_at),
        now=tuple(dict.fromkeys(step.what for step in past if step.left_at is None and step.kind == "userTask")),
        missing=_missing(definition, past),
    )


def _stages(definition: LoadedDefinition, past: tuple[HistoryRow, ...], started_at: datetime) -> tuple[Stage, ...]:
    found: dict[str, Stage] = {"提交申请": Stage("提交申请", "done", started_at)}
    for step in past:
        node = definition.nodes.get((step.process, step.element))
        name = node.properties.get("stage") if node else None
        if not name:
            continue
        if step.left_at is None:
            found[name] = Stage(name, "active", step.entered_at)
        elif step.outcome == "completed":
            found[name] = Stage(name, "done", step.left_at)
    return tuple(found.values())


def _missing(definition: LoadedDefinition, past: tuple[HistoryRow, ...]) -> tuple[str, ...]:
    open_steps = (definition.nodes.get((step.process, step.element)) for step in past if step.left_at is None)
    return tuple(name for node in open_steps if node for name in node.listed("missing"))


_FIND = (
    sa.select(t.case.c.key, t.case.c.number, t.case.c.definition, t.case.c.region, t.case.c.started_at, t.case.c.ended_at, t.case.c.end_name)
    .select_from(t.case.join(t.case_index, t.case_index.c.case == t.case.c.key))
    .where(t.case.c.number == sa.bindparam("number_"), t.case_index.c.blind == sa.bindparam("blind_"))
)  # fmt: skip
