"""What a person may tell an open case, and the form by which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.feel import Environment
from engine.forms import Source
from engine.model import Actor
from engine.queries.case import visible_case
from engine.runtime import Runtime, telling
from engine.runtime.sources import option_sources
from engine.runtime.telling import Telling
from engine.store.transaction import Transaction


@dataclass(frozen=True)
class ToldForm:
    """A message of the case with what its form's conditions see."""

    told: Telling
    number: str
    view: Mapping[str, Any]
    environment: Environment
    sources: Mapping[str, Source]


def tellings(runtime: Runtime, transaction: Transaction, actor: Actor, case: int) -> Sequence[Telling]:
    """Return what the person may tell the case now. Raises NotFound when there is none for this person."""
    return telling.tellings(transaction, actor, visible_case(runtime, transaction, actor, case))


def told_form(runtime: Runtime, transaction: Transaction, actor: Actor, case: int, message: str) -> ToldForm:
    """Return the form of one message. Raises NotFound when this person cannot tell it, or the case does not wait for it."""
    opened = visible_case(runtime, transaction, actor, case)
    told = telling.telling(transaction, actor, opened, message)
    return ToldForm(
        told=told,
        number=opened.row.number,
        view=opened.run.view(told.waiting.token),
        environment=Environment(transaction.now, opened.published.calendar),
        sources=option_sources(runtime, transaction, told.form, opened.row.region),
    )
