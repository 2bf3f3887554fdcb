"""Turns raw form values into variables, or into one rejection with a sentence per field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import Invalid, Text
from engine.feel import Environment
from engine.forms import Form
from engine.runtime import Option, Runtime
from engine.store.transaction import Transaction


def submitted(
    runtime: Runtime,
    transaction: Transaction,
    form: Form,
    raw: Mapping[str, Any],
    view: Mapping[str, Any],
    region: str,
    uploads: Mapping[str, Mapping[str, Any]],
) -> Mapping[str, Any]:
    """Return the form's values as variables.

    ``view`` is what conditions see beside the form. Raises Invalid with a sentence for every field in error.
    """
    environment = Environment(transaction.now, runtime.published(transaction).calendar)
    result = form.submit(
        raw,
        view,
        environment,
        transaction.now.date(),
        files=uploads,
        sources=option_sources(runtime, transaction, form, region),
        is_region=runtime.regions.exists,
    )
    if result.errors:
        raise Invalid(
            Text(
                f"有 {len(result.errors)} 处需要修改,已填写的内容都已保留。",
                f"Expected a complete form, but {len(result.errors)} fields need a change; nothing you typed is lost.",
            ),
            result.errors,
        )
    return result.values


def option_sources(
    runtime: Runtime, transaction: Transaction, form: Form, region: str, language: str = "zh"
) -> Mapping[str, list[Option]]:
    """Return the choices of the form's registered option sources in this region."""
    facts = {"region": region}
    return {
        name: list(runtime.sources[name](transaction, facts, language)) for name in form.sources if name in runtime.sources
    }
