"""One token or one start event takes one message or signal; what goes wrong there is not the sender's fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.commands.publication import Publication
from engine.commands.settle import Beginning, settle, settle_beginning
from engine.commands.work import Work, open_work
from engine.errors import Invalid, ModelError, Rejected, Text
from engine.model import SYSTEM, Actor
from engine.runtime import Runtime
from engine.store import cases
from engine.store.audit import Entry
from engine.store.cases import LockedCase
from engine.store.start_events import StartEventRow
from engine.store.subscriptions import SubscriptionRow
from engine.store.transaction import Transaction

REGION = "region"


def receive(
    runtime: Runtime, transaction: Transaction, actor: Actor, locked: LockedCase, waiting: SubscriptionRow,
    publication: Publication, kind: str = "message",
) -> Work:  # fmt: skip
    """Return the step of the locked case whose token takes the message or signal. Raises ModelError."""
    work = replace(open_work(runtime, transaction, actor, locked), hops=publication.hops)
    if publication.hops or locked.row.hops:
        cases.set_hops(transaction, locked.row.key, publication.hops)
    work.run.deliver(waiting.token, publication.variables)
    action = "correlate_message" if kind == "message" else "receive_signal"
    return settle(work, Entry(action, f"{kind}:{publication.name}"))


def begin_at(runtime: Runtime, transaction: Transaction, start: StartEventRow, publication: Publication) -> Work:
    """Return the first step of the case that the message or signal starts. Raises ModelError, Invalid without region, Forbidden elsewhere."""
    definition = runtime.definition(transaction, start.definition)
    region = region_of(runtime, publication)
    publication.check_reach(region)
    beginning = Beginning(
        definition, region, publication.variables, "system", publication.case, start.element, publication.hops
    )  # fmt: skip
    return settle_beginning(runtime, transaction, SYSTEM, beginning)


def region_of(runtime: Runtime, publication: Publication) -> str:
    """Return the place for which a case starts: the variable ``region``, else that of the sender. Raises Invalid."""
    named = publication.variables.get(REGION)
    for region in (named, publication.region):
        if isinstance(region, str) and region and runtime.regions.exists(region):
            return region
    given = "无" if named is None else str(named)[:20]
    message = Text(
        f"消息「{publication.name}」会发起案件,应在变量 region 中写明所属地区,实际为「{given}」,请填写地区编码。",
        f"Expected the variable “region” to name the place of the case that “{publication.name}” starts, "
        f"but it is {given}; send the code of a place.",
    )
    raise Invalid(message, {REGION: message})


def guarded(transaction: Transaction, act: Callable[[], Work]) -> Work | ModelError:
    """Return what the receiver did, or its fault, after which nothing of its step is left in the transaction."""
    try:
        with transaction.savepoint():
            return act()
    except ModelError as fault:
        return fault
    except Rejected as refusal:
        return ModelError(refusal.message)
