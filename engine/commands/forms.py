"""Turns raw form values into variables, or into one rejection with a sentence per field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel import Environment
from engine.forms import Form
from engine.runtime import Runtime
from engine.runtime.sources import option_sources
from engine.store.transaction import Transaction

Uploads = Mapping[str, Mapping[str, Any]]


def submitted(
    runtime: Runtime,
    transaction: Transaction,
    form: Form,
    raw: Mapping[str, Any],
    view: Mapping[str, Any],
    region: str,
    uploads: Uploads,
) -> Mapping[str, Any]:
    """Return the form's values as variables.

    ``view`` is what conditions see beside the form. Raises Invalid with a sentence for every field in error.
    """
    environment = Environment(transaction.now, runtime.published(transaction).calendar)
    sources = option_sources(runtime, transaction, form, region)
    return form.submit(raw, view, environment, transaction.now.date(), files=uploads, sources=sources).accepted()


def takes_files(form: Form) -> bool:
    """Return whether the form has a field for uploads."""
    return any(field.type == "filepicker" for field in form.fields)
