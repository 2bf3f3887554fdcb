"""Choices that come from registers: the option sources a form names, bound to one transaction and place."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from engine.forms import Form, Option, Source
from engine.runtime.runtime import OptionSource, Runtime
from engine.store.transaction import Transaction


def option_sources(runtime: Runtime, transaction: Transaction, form: Form, region: str) -> Mapping[str, Source]:
    """Return the form's registered option sources; one nobody registered is missing and refused by the form."""
    known = {name: runtime.sources[name] for name in form.sources if name in runtime.sources}
    return {name: partial(_offered, source, transaction, region) for name, source in known.items()}


def _offered(
    source: OptionSource, transaction: Transaction, region: str, answers: Mapping[str, object]
) -> list[Option]:
    return list(source(transaction, {"region": region, "answers": answers}))
