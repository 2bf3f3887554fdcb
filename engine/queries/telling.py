"""The form by which a person tells an open case something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.feel import Environment
from engine.forms import Source
from engine.model import Actor
from engine.queries.case import visible_case
from engine.runtime import Runtime
from engine.runtime.sources import option_sources
from engine.runtime.telling import Telling, telling
from engine.store.transaction import Transaction


@dataclass(frozen=True)
class ToldForm:
    """A message of the case with what its form's conditions see."""

    told: Telling
    number: str
    view: Mapping[str, Any]
    environment: Environment
    sources: Mapping[str, Source]


def told_form(runtime: Runtime, transaction: Transaction, actor: Actor, case: int, message: str) -> ToldForm:
    """Return the form of one message. Raises NotFound when this person cannot tell it, or the case does not wait for it."""
    opened = visible_case(runtime, transaction, actor, case)
    told = telling(transaction, actor, opened, message)
    return ToldForm(
        told=told,
        number=opened.row.number,
        view=opened.run.view(told.waiting.token),
        environment=Environment(transaction.now, opened.published.calendar),
        sources=option_sources(runtime, transaction, told.form, opened.row.region),
    )
